package dev.handloom.kit.log.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.kit.log.LogIdentity;
import dev.handloom.kit.log.LogUnusable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database that holds the log, its tables brought up to date.
 *
 * @param lock    the advisory lock that makes a session the log's one writer
 * @param channel where commits are made known
 */
record PostgresDatabase(PostgresSettings settings, long lock, String channel) {
    /** The query for the global index of the last event, erased or not. */
    static final String LAST_GLOBAL = "select greatest((select max(global) from event), (select global from erased))";
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    /** A query that reads may take so long. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(60);
    private static final Duration FREE_READER_WITHIN = Duration.ofSeconds(5);
    /** A result is fetched in pieces, so that one read keeps no more than so many events beyond its own limit. */
    private static final int ROWS_A_TRIP = 64;

    /** @throws LogUnusable when it cannot be reached, does not force commits to the disk, or has tables of others */
    static PostgresDatabase open(PostgresSettings settings) {
        String schema;
        try (var connection = connect(settings, READ_WITHIN);
                var select = connection.createStatement();
                var found = select.executeQuery(
                        "select coalesce(current_schema(), ''), current_setting('fsync') = 'on'")) {
            found.next();
            schema = found.getString(1);
            if (schema.isEmpty()) {
                throw unusable(settings, "the schema that handloom.postgres.url names is not there", null);
            }
            if (!found.getBoolean(2)) {
                throw unusable(settings, "it runs with fsync = off and would lose what it has acknowledged", null);
            }
        } catch (SQLException unreachable) {
            throw unusable(settings, String.valueOf(unreachable.getMessage()), unreachable);
        }
        migrate(settings, schema);
        long lock = hash(schema);
        return new PostgresDatabase(settings, lock, "handloom_" + Long.toHexString(lock));
    }

    private static LogUnusable unusable(PostgresSettings settings, String why, @Nullable Throwable cause) {
        return new LogUnusable("the log's database " + settings.place() + " cannot be used: "
                + why.lines().findFirst().orElse(why), cause);
    }

    /** The schema may have other tables, so a first migration takes it as it is. */
    private static void migrate(PostgresSettings settings, String schema) {
        var source = new PGSimpleDataSource();
        source.setUrl(settings.url());
        source.setUser(settings.username());
        source.setPassword(settings.password());
        source.setConnectTimeout(Math.toIntExact(CONNECT_WITHIN.toSeconds()));
        try {
            Flyway.configure()
                    .dataSource(source)
                    .defaultSchema(schema)
                    .createSchemas(false)
                    .table("handloom_log_version")
                    .locations("classpath:handloom/log/postgres")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException refused) {
            throw unusable(settings, "its tables cannot be brought up to date: " + root(refused), refused);
        }
    }

    private static String root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Advisory locks and channels belong to the whole database; logs in different schemas must not meet in them. */
    private static long hash(String schema) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(digest.digest(("handloom log in " + schema).getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * A connection that commits each statement.
     *
     * @param silence how long the server may take for an answer
     */
    Connection connect(Duration silence) throws SQLException {
        return connect(settings, silence);
    }

    private static Connection connect(PostgresSettings settings, Duration silence) throws SQLException {
        return DriverManager.getConnection(settings.url(), properties(settings, silence));
    }

    private static Properties properties(PostgresSettings settings, Duration silence) {
        var properties = new Properties();
        PGProperty.USER.set(properties, settings.username());
        if (settings.password() != null) {
            PGProperty.PASSWORD.set(properties, settings.password());
        }
        PGProperty.APPLICATION_NAME.set(properties, "handloom");
        PGProperty.CONNECT_TIMEOUT.set(properties, Math.toIntExact(CONNECT_WITHIN.toSeconds()));
        PGProperty.LOGIN_TIMEOUT.set(properties, Math.toIntExact(CONNECT_WITHIN.toSeconds()));
        PGProperty.SOCKET_TIMEOUT.set(properties, Math.toIntExact(silence.toSeconds()));
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        return properties;
    }

    /** Connections that only read. */
    HikariDataSource forReading() {
        var pool = new HikariConfig();
        pool.setPoolName("events");
        pool.setJdbcUrl(settings.url());
        var properties = properties(settings, READ_WITHIN);
        PGProperty.DEFAULT_ROW_FETCH_SIZE.set(properties, ROWS_A_TRIP);
        pool.setDataSourceProperties(properties);
        // Only inside a transaction does the driver fetch in pieces.
        pool.setAutoCommit(false);
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(settings.readers());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(FREE_READER_WITHIN.toMillis());
        return new HikariDataSource(pool);
    }

    LogIdentity identity() {
        try (var connection = connect(READ_WITHIN);
                var select = connection.createStatement();
                var found = select.executeQuery("select id from identity")) {
            found.next();
            return new LogIdentity("postgres " + found.getString(1));
        } catch (SQLException unreachable) {
            throw unusable(settings, String.valueOf(unreachable.getMessage()), unreachable);
        }
    }

    /** The global index of the last event, erased or not. */
    long lastGlobal() {
        try (var connection = connect(READ_WITHIN)) {
            return lastGlobal(connection);
        } catch (SQLException unreachable) {
            throw unusable(settings, String.valueOf(unreachable.getMessage()), unreachable);
        }
    }

    static long lastGlobal(Connection connection) throws SQLException {
        try (var select = connection.createStatement(); var last = select.executeQuery(LAST_GLOBAL)) {
            last.next();
            return last.getLong(1);
        }
    }
}
