package dev.handloom.kit.log.postgres;

import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.RowWriter;
import dev.handloom.kit.log.postgres.WritingSession.Refused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Writes to the log as long as its session lasts. A group of rows is one statement and one transaction, so it costs one
 * trip to the server. Global indexes are numbered on in memory: they ascend in commit order, without a gap that fills
 * later.
 */
final class PostgresWriter implements RowWriter {
    /** Inserts nothing when a row's predecessor is {@link #needed} and not there. */
    private static final String INSERT = "insert into event (" + Row.COLUMNS + ") select * from unnest("
            + "?::bigint[], ?::text[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], "
            + "?::bytea[], ?::bytea[]) where not exists (select from unnest(?::text[], ?::bigint[]) needed (stream, seq)"
            + " where (select true from event where event.stream = needed.stream and event.seq = needed.seq) is null)";
    private static final String SNAPSHOT_COLUMNS = Row.COLUMNS.substring("global, ".length());
    /** A snapshot of an event that was erased meanwhile would bring back what it says. */
    private static final String KEEP_SNAPSHOT = "insert into snapshot select " + SNAPSHOT_COLUMNS
            + " from (values (?::bigint,?,?::bigint,?,?,?,?,?,?::bytea,?::bytea)) made (" + Row.COLUMNS
            + ") where exists"
            + " (select from event where event.stream = made.stream and event.seq = made.seq)"
            + " on conflict (stream, seq) do update set (" + SNAPSHOT_COLUMNS + ") = row (excluded.*)";
    private static final String ERASE = "with gone as (delete from event where stream = ? and seq <= ? returning global),"
            + " copies as (delete from snapshot where stream = ?)"
            + " update erased set global = greatest(global, (select max(global) from gone))";
    private static final String UNIQUE = "23505";
    private static final String PLACE = "event_place";
    private static final String DISK_FULL = "53100";
    private static final String READ_ONLY = "25006";

    /** The connection was lost after something had been sent. */
    private static final class Lost extends SQLException {
        Lost(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** An event's predecessor is not there; nothing was stored. */
    private static final class Gap extends SQLException {
        Gap() {
            super("the event before it is missing");
        }
    }

    private interface Setting {
        void set(PreparedStatement statement) throws SQLException;
    }

    private final WritingSession session;

    PostgresWriter(WritingSession session) {
        this.session = session;
    }

    @Override
    public long lastGlobal() {
        return session.lastGlobal();
    }

    /** @return how many rows it changed */
    private int run(String sql, Setting setting) throws SQLException {
        var connection = session.connection();
        try (var statement = connection.prepareStatement(sql)) {
            setting.set(statement);
            return statement.executeUpdate();
        } catch (SQLException failed) {
            if (failed instanceof PSQLException said && isRefusedByALiveServer(said, connection)) {
                throw said;
            }
            session.close();
            throw READ_ONLY.equals(failed.getSQLState())
                    ? new Refused("the log's database has become read-only", failed)
                    : new Lost(failed);
        }
    }

    /**
     * What a server refuses in the middle of a session has not been stored. A session that it ends, on the other hand, may
     * have ended after the commit and before the answer; and a global index that is taken says that somebody else has
     * written, so that this session must not go on.
     */
    private static boolean isRefusedByALiveServer(PSQLException failed, Connection connection) throws SQLException {
        var said = failed.getServerErrorMessage();
        var state = String.valueOf(failed.getSQLState());
        boolean ended = state.startsWith("08") || state.startsWith("57P") || connection.isClosed();
        boolean outdated = state.equals(READ_ONLY)
                || (state.equals(UNIQUE) && (said == null || !PLACE.equals(said.getConstraint())));
        return said != null && !ended && !outdated;
    }

    @Override
    public long commit(List<Row> rows) throws SQLException {
        int inserted = run(INSERT, statement -> set(statement, rows));
        if (inserted != rows.size()) {
            session.used(0);
            throw new Gap();
        }
        session.used(inserted);
        return session.lastGlobal() - inserted + 1;
    }

    private void set(PreparedStatement insert, List<Row> rows) throws SQLException {
        var globals = new Long[rows.size()];
        var seqs = new Long[rows.size()];
        for (int i = 0; i < globals.length; i++) {
            globals[i] = session.lastGlobal() + 1 + i;
            seqs[i] = rows.get(i).seq();
        }
        array(insert, 1, "int8", globals);
        texts(insert, 2, rows, Row::stream);
        array(insert, 3, "int8", seqs);
        texts(insert, 4, rows, Row::streamType);
        texts(insert, 5, rows, Row::id);
        texts(insert, 6, rows, Row::type);
        texts(insert, 7, rows, Row::revision);
        texts(insert, 8, rows, Row::at);
        array(insert, 9, "bytea", rows.stream().map(Row::metaData).toArray(byte[][]::new));
        array(insert, 10, "bytea", rows.stream().map(Row::payload).toArray(byte[][]::new));
        var needed = needed(rows);
        texts(insert, 11, needed, Row::stream);
        array(insert, 12, "int8", needed.stream().map(row -> row.seq() - 1).toArray(Long[]::new));
    }

    /** The rows whose predecessor is not right before them in the group, so that it must be in the table. */
    private static List<Row> needed(List<Row> rows) {
        var heads = new HashMap<String, Long>();
        return rows.stream().filter(row -> {
            var head = heads.put(row.stream(), row.seq());
            return row.seq() > 0 && (head == null || head != row.seq() - 1);
        }).toList();
    }

    private static void texts(PreparedStatement insert, int at, List<Row> rows, Function<Row, @Nullable String> text)
            throws SQLException {
        array(insert, at, "text", rows.stream().map(text).toArray(String[]::new));
    }

    private static void array(PreparedStatement insert, int at, String type, Object[] values) throws SQLException {
        insert.setArray(at, insert.getConnection().createArrayOf(type, values));
    }

    @Override
    public void commitSnapshot(Row row) throws SQLException {
        run(KEEP_SNAPSHOT, statement -> row.write(statement, 0));
        session.used(0);
    }

    @Override
    public void erase(String stream, long seq) throws SQLException {
        run(ERASE, statement -> {
            statement.setString(1, stream);
            statement.setLong(2, seq);
            statement.setString(3, stream);
        });
        session.used(0);
    }

    @Override
    public Failure meaning(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Lost _ -> {
                    return Failure.LOST;
                }
                case Refused _ -> {
                    return Failure.REFUSED;
                }
                case Gap _ -> {
                    return Failure.CONFLICT;
                }
                case PSQLException said -> {
                    return meaning(said);
                }
                default -> {}
            }
        }
        return Failure.OTHER;
    }

    private static Failure meaning(PSQLException failure) {
        return switch (String.valueOf(failure.getSQLState())) {
            case UNIQUE -> Failure.CONFLICT;
            case DISK_FULL -> Failure.FULL;
            default -> Failure.OTHER;
        };
    }

    @Override
    public void close() {
        session.close();
    }
}
