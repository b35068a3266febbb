package dev.handloom.kit.log;

import dev.handloom.api.session.SessionLog;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** Reads the tables {@code event} and {@code snapshot}, on connections of its own, while a {@link RowWriter} writes. */
public final class RowReader {
    /** A read for a processor or an aggregate stops after the row that reaches this, so that memory stays bounded. */
    private static final long READ_BYTES_MAX = 8L << 20;
    /** How far one search for events of some types goes, in global indexes, so that no read lasts long. */
    private static final long SEARCH_MAX = 20_000;

    private static final String SNAPSHOT_COLUMNS = "0, " + Row.COLUMNS.substring("global, ".length());

    private final DataSource readers;
    private final String lastGlobal;

    /** @param lastGlobal the query for the global index of the last committed event; no row before the first */
    public RowReader(DataSource readers, String lastGlobal) {
        this.readers = readers;
        this.lastGlobal = lastGlobal;
    }

    /**
     * What a search found.
     *
     * @param upTo the global index up to which everything has been looked at
     */
    record Found(List<Row> rows, long upTo) {}

    /** At least one row where there is one; fewer than {@code limit} also when they are large. */
    List<Row> ofStream(String stream, long firstSeq, int limit) {
        return ofStream(stream, firstSeq, limit, SessionLog.SLICE_BYTES_MAX);
    }

    /** As {@link #ofStream}, with less at once. */
    List<Row> someOfStream(String stream, long firstSeq, int limit) {
        return ofStream(stream, firstSeq, limit, READ_BYTES_MAX);
    }

    private List<Row> ofStream(String stream, long firstSeq, int limit, long bytesMax) {
        return rows("select " + Row.COLUMNS + " from event where stream = ? and seq >= ? order by seq limit ?",
                List.of(stream, firstSeq, limit), bytesMax);
    }

    /** The next events in global order: at least one where there is one. */
    List<Row> after(long global, int limit) {
        return rows("select " + Row.COLUMNS + " from event where global > ? order by global limit ?",
                List.of(global, limit), READ_BYTES_MAX);
    }

    /**
     * The next events of some types in global order. It may find none and not have come to the end.
     *
     * @param end how far to look at the most; not beyond what was committed before the call
     */
    Found search(long global, long end, Collection<String> types, int limit) {
        long last = Math.min(end, global + SEARCH_MAX);
        var parameters = new ArrayList<Object>(List.of(global, last));
        parameters.addAll(types);
        parameters.add(limit);
        var rows = rows("select " + Row.COLUMNS + " from event where global > ? and global <= ? and type in (?"
                + ",?".repeat(Math.max(0, types.size() - 1)) + ") order by global limit ?", parameters, READ_BYTES_MAX);
        boolean cut = rows.size() == limit || bytes(rows) >= READ_BYTES_MAX;
        return new Found(rows, cut ? rows.getLast().global() : last);
    }

    private static long bytes(List<Row> rows) {
        return rows.stream().mapToLong(Row::size).sum();
    }

    /** The newest snapshot that was taken at this sequence number or before it. */
    Optional<Row> snapshotUpTo(String stream, long seq) {
        return rows("select " + SNAPSHOT_COLUMNS
                + " from snapshot where stream = ? and seq <= ? order by seq desc limit 1", List.of(stream, seq),
                Long.MAX_VALUE).stream().findFirst();
    }

    /** The sequence number of the stream's last event. */
    Optional<Long> lastSeq(String stream) {
        return number("select seq from event where stream = ? order by seq desc limit 1", stream);
    }

    Optional<Long> firstGlobalAt(String instant) {
        return number("select global from event where at >= ? order by global limit 1", instant);
    }

    Optional<Long> maxGlobal() {
        return number(lastGlobal);
    }

    private Optional<Long> number(String query, Object... parameters) {
        try (var connection = readers.getConnection(); var select = connection.prepareStatement(query)) {
            set(select, List.of(parameters));
            try (var found = select.executeQuery()) {
                return found.next() ? Optional.of(found.getLong(1)) : Optional.empty();
            }
        } catch (SQLException broken) {
            throw new EventStoreException("the log cannot be read", broken);
        }
    }

    private List<Row> rows(String query, List<?> parameters, long bytesMax) {
        try (var connection = readers.getConnection(); var select = connection.prepareStatement(query)) {
            set(select, parameters);
            var rows = new ArrayList<Row>();
            long bytes = 0;
            try (var found = select.executeQuery()) {
                while (bytes < bytesMax && found.next()) {
                    var row = Row.read(found);
                    rows.add(row);
                    bytes += row.size();
                }
            }
            return rows;
        } catch (SQLException broken) {
            throw new EventStoreException("the log cannot be read", broken);
        }
    }

    private static void set(PreparedStatement select, List<?> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            select.setObject(i + 1, parameters.get(i));
        }
    }
}
