package dev.handloom.kit.log.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The file that holds all events (SQLite, write-ahead log, {@code synchronous=FULL}: a commit that returned has been
 * forced to the disk). Its two companions, {@code -wal} and {@code -shm}, lie beside it.
 */
class EventFile {
    /** The query for the global index of the last event, erased or not. */
    static final String LAST_GLOBAL = "select seq from sqlite_sequence where name = 'event'";
    private static final int READERS_MAX = 4;
    private static final String[] SCHEMA = {
        """
                create table if not exists event (
                  global      integer primary key autoincrement,
                  stream      text not null,
                  seq         integer not null,
                  stream_type text not null,
                  id          text not null,
                  type        text not null,
                  revision    text,
                  at          text not null,
                  meta_data   blob not null,
                  payload     blob not null,
                  unique (stream, seq)) strict""",
        """
                create trigger if not exists event_follows before insert on event
                when new.seq > 0
                  and not exists (select 1 from event where stream = new.stream and seq = new.seq - 1)
                begin select raise(abort, 'the event before it is missing'); end""",
        """
                create table if not exists snapshot (
                  stream      text not null,
                  seq         integer not null,
                  stream_type text not null,
                  id          text not null,
                  type        text not null,
                  revision    text,
                  at          text not null,
                  meta_data   blob not null,
                  payload     blob not null,
                  primary key (stream, seq)) strict"""};

    private final Path path;

    EventFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    String url() {
        return "jdbc:sqlite:" + path;
    }

    /** Beside the file: commits that are not yet in it. */
    Path writeAheadLog() {
        return path.resolveSibling(path.getFileName() + "-wal");
    }

    static Properties settings() {
        var settings = new Properties();
        settings.setProperty("journal_mode", "WAL");
        settings.setProperty("synchronous", "FULL");
        settings.setProperty("busy_timeout", "30000");
        settings.setProperty("transaction_mode", "DEFERRED");
        return settings;
    }

    /** Connections that only read, while another writes. */
    HikariDataSource forReading() {
        var pool = new HikariConfig();
        pool.setPoolName("events");
        pool.setJdbcUrl(url());
        pool.setDataSourceProperties(settings());
        pool.setMaximumPoolSize(READERS_MAX);
        return new HikariDataSource(pool);
    }

    /** A connection in a transaction that has not begun to read or write. What is deleted through it is overwritten. */
    Connection forWriting() throws SQLException {
        var connection = DriverManager.getConnection(url(), settings());
        try (var statement = connection.createStatement()) {
            statement.execute("pragma secure_delete = on");
            for (var part : SCHEMA) {
                statement.execute(part);
            }
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException broken) {
            connection.close();
            throw broken;
        }
    }
}
