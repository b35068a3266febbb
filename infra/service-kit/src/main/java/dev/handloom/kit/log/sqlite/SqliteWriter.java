package dev.handloom.kit.log.sqlite;

import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.RowWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The one connection that writes to the event file. SQLite ends a transaction by
 * itself when the disk is full, and the driver does not notice: whatever came next would be stored row by row. So a
 * connection that failed, other than by a refused row, is thrown away.
 */
class SqliteWriter implements RowWriter {
    private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);
    /** SQLite reuses the write-ahead log only in a moment without readers; past this size such a moment is made. */
    private static final long WRITE_AHEAD_BYTES_MAX = 16L << 20;
    private static final int COMMITS_BETWEEN_LOOKS = 128;
    /** How long writing may stand still for the readers to finish; if they do not, it is tried again later. */
    private static final int READERS_FINISH_WITHIN_MS = 100;
    private static final String INSERT = "insert into event (" + Row.COLUMNS + ") values (?,?,?,?,?,?,?,?,?,?)";
    /** A snapshot of an event that was erased meanwhile would bring back what it says. */
    private static final String KEEP_SNAPSHOT = "insert or replace into snapshot ("
            + Row.COLUMNS.substring("global, ".length()) + ") select ?2,?3,?4,?5,?6,?7,?8,?9,?10"
            + " where exists (select 1 from event where stream = ?2 and seq = ?3)";

    /** The second is what a full disk looks like when the shared index of the write-ahead log must grow. */
    private static final Set<SQLiteErrorCode> FULL = Set.of(
            SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
    private static final Set<SQLiteErrorCode> CONFLICT = Set.of(
            SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE, SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER);
    /** When a flush fails, the kernel may have dropped what it could not write, and the next flush succeeds without it. */
    private static final Set<SQLiteErrorCode> UNCONFIRMED = Set.of(
            SQLiteErrorCode.SQLITE_IOERR_FSYNC, SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC);

    private record Open(Connection connection, PreparedStatement insert) {}

    private final EventFile file;
    private @Nullable Open open;
    private long lastGlobal;
    private int commits;

    SqliteWriter(EventFile file) {
        this.file = file;
        try {
            open();
        } catch (SQLException broken) {
            throw new EventStoreException("the event file cannot be opened: " + file.path(), broken);
        }
    }

    private Open open() throws SQLException {
        var ready = open;
        if (ready == null) {
            var connection = file.forWriting();
            try (var statement = connection.createStatement();
                    var last = statement.executeQuery(EventFile.LAST_GLOBAL)) {
                lastGlobal = last.next() ? last.getLong(1) : 0;
                ready = new Open(connection, connection.prepareStatement(INSERT));
            } catch (SQLException broken) {
                connection.close();
                throw broken;
            }
            connection.rollback();
            open = ready;
        }
        return ready;
    }

    @Override
    public long lastGlobal() {
        return lastGlobal;
    }

    @Override
    public long commit(List<Row> rows) throws SQLException {
        var ready = open();
        long first = lastGlobal + 1;
        long next = lastGlobal;
        try {
            for (var row : rows) {
                row.write(ready.insert(), ++next);
                ready.insert().executeUpdate();
            }
            ready.connection().commit();
        } catch (SQLException refused) {
            undo(refused);
            throw refused;
        }
        lastGlobal = next;
        if (++commits % COMMITS_BETWEEN_LOOKS == 0 && writeAheadBytes() > WRITE_AHEAD_BYTES_MAX) {
            foldIn();
        }
        return first;
    }

    private void undo(SQLException failure) {
        try {
            if (open != null && isRefusedRow(failure)) {
                open.connection().rollback();
                return;
            }
        } catch (SQLException notUndone) {
            failure.addSuppressed(notUndone);
        }
        discard();
    }

    private static boolean isRefusedRow(SQLException failure) {
        return failure instanceof SQLiteException sqlite
                && (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    @Override
    public Failure meaning(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return meaning(sqlite.getResultCode());
            }
        }
        return Failure.OTHER;
    }

    private static Failure meaning(SQLiteErrorCode code) {
        if (CONFLICT.contains(code)) {
            return Failure.CONFLICT;
        }
        if (FULL.contains(code)) {
            return Failure.FULL;
        }
        return UNCONFIRMED.contains(code) ? Failure.UNCONFIRMED : Failure.OTHER;
    }

    private void discard() {
        var broken = open;
        open = null;
        try {
            if (broken != null) {
                broken.connection().close();
            }
        } catch (SQLException left) {
            log.warn("a broken connection to {} could not be closed: {}", file.path(), left.getMessage());
        }
    }

    @Override
    public void commitSnapshot(Row row) throws SQLException {
        var connection = open().connection();
        try (var upsert = connection.prepareStatement(KEEP_SNAPSHOT)) {
            row.write(upsert, 0);
            upsert.executeUpdate();
            connection.commit();
        } catch (SQLException refused) {
            undo(refused);
            throw refused;
        }
    }

    @Override
    public void erase(String stream, long seq) throws SQLException {
        var connection = open().connection();
        try (var events = connection.prepareStatement("delete from event where stream = ? and seq <= ?");
                var snapshot = connection.prepareStatement("delete from snapshot where stream = ?")) {
            events.setString(1, stream);
            events.setLong(2, seq);
            events.executeUpdate();
            snapshot.setString(1, stream);
            snapshot.executeUpdate();
            connection.commit();
        } catch (SQLException refused) {
            undo(refused);
            throw refused;
        }
        foldIn();
    }

    private long writeAheadBytes() {
        try {
            return Files.size(file.writeAheadLog());
        } catch (IOException unknown) {
            return 0;
        }
    }

    /** Moves what the write-ahead log holds into the file and cuts the log. */
    private void foldIn() {
        try (var statement = open().connection().createStatement()) {
            statement.execute("pragma busy_timeout = " + READERS_FINISH_WITHIN_MS);
            statement.execute("pragma wal_checkpoint(truncate)");
            statement.execute("pragma busy_timeout = 30000");
        } catch (SQLException later) {
            log.info("the write-ahead log stays {} bytes long for now: {}", writeAheadBytes(), later.getMessage());
            discard();
        }
    }

    @Override
    public void close() {
        discard();
    }
}
