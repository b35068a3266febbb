package dev.handloom.kit.log;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The file that holds all events (SQLite, write-ahead log, {@code synchronous=FULL}: a commit that returned has been
 * forced to the disk). One connection writes, owned by {@link GroupCommit}; a few read.
 */
class Events implements AutoCloseable {
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
                create table if not exists snapshot (
                  stream      text primary key,
                  seq         integer not null,
                  stream_type text not null,
                  id          text not null,
                  type        text not null,
                  revision    text,
                  at          text not null,
                  meta_data   blob not null,
                  payload     blob not null) strict"""};
    private static final String INSERT = "insert into event (" + Row.COLUMNS + ") values (?,?,?,?,?,?,?,?,?,?)";

    private final Connection writer;
    private final PreparedStatement insert;
    private final HikariDataSource readers;
    private long lastGlobal;

    Events(Path file) {
        try {
            writer = DriverManager.getConnection(url(file, "IMMEDIATE"));
            try (var statement = writer.createStatement()) {
                for (var table : SCHEMA) {
                    statement.execute(table);
                }
                try (var last = statement.executeQuery("select seq from sqlite_sequence where name = 'event'")) {
                    lastGlobal = last.next() ? last.getLong(1) : 0;
                }
            }
            writer.setAutoCommit(false);
            insert = writer.prepareStatement(INSERT);
        } catch (SQLException broken) {
            throw new EventStoreException("the event file cannot be opened: " + file, broken);
        }
        var pool = new HikariConfig();
        pool.setPoolName("events");
        pool.setJdbcUrl(url(file, "DEFERRED"));
        pool.setMaximumPoolSize(READERS_MAX);
        readers = new HikariDataSource(pool);
    }

    private static String url(Path file, String transactions) {
        return "jdbc:sqlite:" + file + "?journal_mode=WAL&synchronous=FULL&busy_timeout=30000&transaction_mode="
                + transactions;
    }

    /** The global index of the last committed event. Only the writer's thread may ask. */
    long lastGlobal() {
        return lastGlobal;
    }

    /** Commits all rows, or none and throws. Only the writer's thread may call it. */
    void commit(List<Row> rows) throws SQLException {
        try {
            long next = lastGlobal;
            for (var row : rows) {
                row.write(insert, ++next);
                insert.executeUpdate();
            }
            writer.commit();
            lastGlobal = next;
        } catch (SQLException refused) {
            writer.rollback();
            throw refused;
        }
    }

    /** Keeps the newest snapshot of the stream and forgets the older one. Only the writer's thread may call it. */
    void commitSnapshot(Row row) throws SQLException {
        try (var upsert = writer.prepareStatement("insert or replace into snapshot ("
                + Row.COLUMNS.substring("global, ".length()) + ") values (?2,?3,?4,?5,?6,?7,?8,?9,?10)")) {
            row.write(upsert, 0);
            upsert.executeUpdate();
            writer.commit();
        } catch (SQLException refused) {
            writer.rollback();
            throw refused;
        }
    }

    /** Removes a stream's events up to and including {@code seq}, and its snapshot. Only the writer's thread may call it. */
    void erase(String stream, long seq) throws SQLException {
        try (var events = writer.prepareStatement("delete from event where stream = ? and seq <= ?");
                var snapshot = writer.prepareStatement("delete from snapshot where stream = ?")) {
            events.setString(1, stream);
            events.setLong(2, seq);
            events.executeUpdate();
            snapshot.setString(1, stream);
            snapshot.executeUpdate();
            writer.commit();
        } catch (SQLException refused) {
            writer.rollback();
            throw refused;
        }
    }

    List<Row> ofStream(String stream, long firstSeq, int limit) {
        return rows("select " + Row.COLUMNS + " from event where stream = ? and seq >= ? order by seq limit ?", stream,
                firstSeq, limit);
    }

    List<Row> after(long global, int limit) {
        return rows("select " + Row.COLUMNS + " from event where global > ? order by global limit ?", null, global,
                limit);
    }

    Optional<Row> snapshot(String stream) {
        var columns = "0, " + Row.COLUMNS.substring("global, ".length());
        return rows("select " + columns + " from snapshot where stream = ? and seq >= ? limit ?", stream, 0, 1).stream()
                .findFirst();
    }

    /** The sequence number of the stream's last event. */
    Optional<Long> lastSeq(String stream) {
        return number("select seq from event where stream = ? order by seq desc limit 1", stream);
    }

    Optional<Long> firstGlobalAt(String instant) {
        return number("select global from event where at >= ? order by global limit 1", instant);
    }

    Optional<Long> maxGlobal() {
        return number("select seq from sqlite_sequence where name = ?", "event");
    }

    private Optional<Long> number(String query, String argument) {
        try (var connection = readers.getConnection(); var select = connection.prepareStatement(query)) {
            select.setString(1, argument);
            try (var found = select.executeQuery()) {
                return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
            }
        } catch (SQLException broken) {
            throw new EventStoreException("the event file cannot be read", broken);
        }
    }

    private List<Row> rows(String query, @Nullable String stream, long from, int limit) {
        try (var connection = readers.getConnection(); var select = connection.prepareStatement(query)) {
            int column = 1;
            if (stream != null) {
                select.setString(column++, stream);
            }
            select.setLong(column++, from);
            select.setInt(column, limit);
            var rows = new ArrayList<Row>();
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    rows.add(Row.read(found));
                }
            }
            return rows;
        } catch (SQLException broken) {
            throw new EventStoreException("the event file cannot be read", broken);
        }
    }

    @Override
    public void close() throws SQLException {
        readers.close();
        insert.close();
        writer.close();
    }
}
