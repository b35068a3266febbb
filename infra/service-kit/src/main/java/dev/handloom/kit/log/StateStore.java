package dev.handloom.kit.log;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;

/**
 * The file beside the log: tokens, sagas, projections. Everything in it follows from the log, so its commits need not be
 * forced to the disk: after a power cut it is a little behind, and catches up. One connection, which measured faster
 * than several: SQLite has one writer anyhow. What is deleted is overwritten, and {@link WriteAheadCut} sees to the rest.
 */
final class StateStore {
    private static final String[] SCHEMA = {
        """
                create table if not exists TokenEntry (processorName text not null, segment integer not null,
                  token blob, tokenType text, timestamp text, owner text,
                  primary key (processorName, segment))""",
        """
                create table if not exists SagaEntry (sagaId text primary key, revision text, sagaType text,
                  serializedSaga blob)""",
        """
                create table if not exists AssociationValueEntry (id integer primary key autoincrement,
                  associationKey text, associationValue text, sagaId text, sagaType text)""",
        """
                create index if not exists AssociationValueOfSaga on AssociationValueEntry
                  (sagaType, associationKey, associationValue)""",
        "create index if not exists AssociationOfSaga on AssociationValueEntry (sagaId, sagaType)",
        // Whoever held them is dead, for the folder is ours; Axon would wait ten seconds to be sure.
        "update TokenEntry set owner = null where owner is not null"};

    private StateStore() {}

    static HikariDataSource open(Path file) {
        var pool = new HikariConfig();
        pool.setPoolName("state");
        pool.setJdbcUrl("jdbc:sqlite:" + file
                + "?journal_mode=WAL&synchronous=NORMAL&busy_timeout=30000&transaction_mode=IMMEDIATE&secure_delete=on");
        pool.setMaximumPoolSize(1);
        pool.setConnectionInitSql("pragma secure_delete = on");
        var source = new HikariDataSource(pool);
        try (var connection = source.getConnection(); var statement = connection.createStatement()) {
            for (var table : SCHEMA) {
                statement.execute(table);
            }
        } catch (SQLException broken) {
            source.close();
            throw new IllegalStateException("the state file cannot be opened: " + file, broken);
        }
        return source;
    }

    /** SQLite has no FOR UPDATE, and needs none: an IMMEDIATE transaction already holds the only write lock. */
    static class Tokens extends JdbcTokenStore {
        Tokens(Builder builder) {
            super(builder);
        }

        @Override
        protected PreparedStatement select(Connection connection, String processor, int segment, boolean forUpdate)
                throws SQLException {
            return super.select(connection, processor, segment, false);
        }
    }
}
