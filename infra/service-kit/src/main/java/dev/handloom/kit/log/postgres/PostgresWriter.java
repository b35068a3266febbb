package dev.handloom.kit.log.postgres;

import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.RowWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of all servers that writes to the log. Its session holds an advisory lock, which the database lets
 * go when the session has ended, and not before what the session was committing is either kept or undone. Whoever has
 * the lock and reads the last global index therefore knows all there is and all there will be from earlier writers, and
 * can number on from there in memory: indexes ascend in commit order, without a gap that fills later.
 *
 * <p>A group of rows is one statement and one transaction, so it costs one trip to the server.
 */
final class PostgresWriter implements RowWriter {
    private static final Logger log = LoggerFactory.getLogger(PostgresWriter.class);
    /** How long a commit may take before the connection counts as lost. */
    private static final Duration COMMIT_WITHIN = Duration.ofSeconds(30);
    /** A connection that was idle for longer is asked whether it lives, while nothing is at stake. */
    private static final Duration TRUSTED_IDLE = Duration.ofSeconds(30);
    private static final int ALIVE_WITHIN_SECONDS = 5;
    /** After a connection was lost, this long is spent on getting another; then each write tries once. */
    private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(5);
    /** A session whose connection broke is not always over at once; one that lasts longer belongs to another server. */
    private static final Duration LET_GO_WITHIN = Duration.ofSeconds(1);
    private static final Duration PAUSE_FIRST = Duration.ofMillis(10);
    private static final Duration PAUSE_MOST = Duration.ofMillis(500);

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
    /**
     * All statements of the writer find their rows by an index, whatever the planner, which keeps its plans, saw when the
     * table was small. {@code synchronous_commit} is made stronger where it is off, and never weaker than the
     * operator has it.
     */
    private static final String READY = "select set_config('synchronous_commit', case"
            + " current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end,"
            + " false) <> 'off' and set_config('enable_seqscan', 'off', false) = 'off', current_setting('transaction_read_only') = 'off', pg_try_advisory_lock(?)";

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

    /** Nothing was sent. */
    private static final class Refused extends SQLException {
        Refused(String why, @Nullable Exception cause) {
            super(why, cause);
        }
    }

    /** An event's predecessor is not there; nothing was stored. */
    private static final class Gap extends SQLException {
        Gap() {
            super("the event before it is missing");
        }
    }

    private record Open(Connection connection, PreparedStatement insert) {}

    private interface Statement {
        /** @return the number of rows */
        int run(Open ready) throws SQLException;
    }

    private final PostgresDatabase database;
    private final Runnable catchUp;
    private @Nullable Open open;
    private long lastGlobal;
    private long lastUsed;
    private Duration patience = RECONNECT_WITHIN;

    /** @param catchUp brings to the streams what is committed; called before the first commit of a connection */
    PostgresWriter(PostgresDatabase database, long lastGlobal, Runnable catchUp) {
        this.database = database;
        this.lastGlobal = lastGlobal;
        this.catchUp = catchUp;
    }

    @Override
    public long lastGlobal() {
        return lastGlobal;
    }

    private Open ready() throws SQLException {
        discardIfDead();
        var ready = open;
        if (ready == null) {
            ready = reopen();
            open = ready;
            patience = RECONNECT_WITHIN;
            log.info("this server writes to the log, from event {} on", lastGlobal + 1);
        }
        return ready;
    }

    private void discardIfDead() throws SQLException {
        var idle = open;
        if (idle != null && System.nanoTime() - lastUsed > TRUSTED_IDLE.toNanos()
                && !idle.connection().isValid(ALIVE_WITHIN_SECONDS)) {
            discard();
        }
    }

    private Open reopen() throws SQLException {
        long start = System.nanoTime();
        var pause = PAUSE_FIRST;
        while (true) {
            try {
                return tryOnce();
            } catch (SQLException | EventStoreException failed) {
                var most = failed instanceof Refused && patience.compareTo(LET_GO_WITHIN) > 0
                        ? LET_GO_WITHIN
                        : patience;
                if (System.nanoTime() + pause.toNanos() - start > most.toNanos()) {
                    patience = Duration.ZERO;
                    throw failed instanceof Refused refused
                            ? refused
                            : new Refused("the log's database cannot be written to: " + failed.getMessage(), failed);
                }
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2).compareTo(PAUSE_MOST) < 0 ? pause.multipliedBy(2) : PAUSE_MOST;
            }
        }
    }

    private Open tryOnce() throws SQLException {
        var connection = database.connect(COMMIT_WITHIN);
        try (var ready = connection.prepareStatement(READY)) {
            ready.setLong(1, database.lock());
            try (var answer = ready.executeQuery()) {
                answer.next();
                if (!answer.getBoolean(2)) {
                    throw new Refused("the log's database is read-only", null);
                }
                if (!answer.getBoolean(3)) {
                    throw new Refused("another server writes to this log", null);
                }
                if (!answer.getBoolean(1)) {
                    throw new Refused("the log's database does not force commits to the disk", null);
                }
            }
            lastGlobal = PostgresDatabase.lastGlobal(connection);
            catchUp.run();
            lastUsed = System.nanoTime();
            return new Open(connection, connection.prepareStatement(INSERT));
        } catch (SQLException | RuntimeException notReady) {
            connection.close();
            throw notReady;
        }
    }

    private int run(Statement statement) throws SQLException {
        var ready = ready();
        try {
            int rows = statement.run(ready);
            lastUsed = System.nanoTime();
            return rows;
        } catch (SQLException failed) {
            if (READ_ONLY.equals(failed.getSQLState())) {
                discard();
                throw new Refused("the log's database has become read-only", failed);
            }
            if (failed instanceof PSQLException said && isRefusedByALiveServer(said)) {
                throw said;
            }
            discard();
            throw new Lost(failed);
        }
    }

    /**
     * What a server refuses in the middle of a session has not been stored. A session that it ends, on the other hand, may
     * have ended after the commit and before the answer; and a global index that is taken says that somebody else has
     * written, so that this connection must not go on.
     */
    private boolean isRefusedByALiveServer(PSQLException failed) throws SQLException {
        var state = String.valueOf(failed.getSQLState());
        boolean ended = state.startsWith("08") || state.startsWith("57P") || open == null
                || open.connection().isClosed();
        return failed.getServerErrorMessage() != null && !ended && !(state.equals(UNIQUE) && !isPlace(failed));
    }

    private static boolean isPlace(PSQLException failed) {
        var said = failed.getServerErrorMessage();
        return said != null && PLACE.equals(said.getConstraint());
    }

    private void discard() {
        var broken = open;
        open = null;
        try {
            if (broken != null) {
                broken.connection().close();
            }
        } catch (SQLException left) {
            log.debug("a broken connection could not be closed: {}", left.getMessage());
        }
    }

    @Override
    public long commit(List<Row> rows) throws SQLException {
        int inserted = run(ready -> {
            insert(ready, rows);
            return ready.insert().executeUpdate();
        });
        if (inserted != rows.size()) {
            throw new Gap();
        }
        long first = lastGlobal + 1;
        lastGlobal += rows.size();
        return first;
    }

    private void insert(Open ready, List<Row> rows) throws SQLException {
        var globals = new Long[rows.size()];
        var seqs = new Long[rows.size()];
        for (int i = 0; i < globals.length; i++) {
            globals[i] = lastGlobal + 1 + i;
            seqs[i] = rows.get(i).seq();
        }
        array(ready, 1, "int8", globals);
        texts(ready, 2, rows, Row::stream);
        array(ready, 3, "int8", seqs);
        texts(ready, 4, rows, Row::streamType);
        texts(ready, 5, rows, Row::id);
        texts(ready, 6, rows, Row::type);
        texts(ready, 7, rows, Row::revision);
        texts(ready, 8, rows, Row::at);
        array(ready, 9, "bytea", rows.stream().map(Row::metaData).toArray(byte[][]::new));
        array(ready, 10, "bytea", rows.stream().map(Row::payload).toArray(byte[][]::new));
        var needed = needed(rows);
        texts(ready, 11, needed, Row::stream);
        array(ready, 12, "int8", needed.stream().map(row -> row.seq() - 1).toArray(Long[]::new));
    }

    /** The rows whose predecessor is not right before them in the group, so that it must be in the table. */
    private static List<Row> needed(List<Row> rows) {
        var heads = new HashMap<String, Long>();
        return rows.stream().filter(row -> {
            var head = heads.put(row.stream(), row.seq());
            return row.seq() > 0 && (head == null || head != row.seq() - 1);
        }).toList();
    }

    private static void texts(Open ready, int at, List<Row> rows, Function<Row, @Nullable String> text)
            throws SQLException {
        array(ready, at, "text", rows.stream().map(text).toArray(String[]::new));
    }

    private static void array(Open ready, int at, String type, Object[] values) throws SQLException {
        ready.insert().setArray(at, ready.connection().createArrayOf(type, values));
    }

    @Override
    public void commitSnapshot(Row row) throws SQLException {
        run(ready -> {
            try (var keep = ready.connection().prepareStatement(KEEP_SNAPSHOT)) {
                row.write(keep, 0);
                return keep.executeUpdate();
            }
        });
    }

    @Override
    public void erase(String stream, long seq) throws SQLException {
        run(ready -> {
            try (var erase = ready.connection().prepareStatement(ERASE)) {
                erase.setString(1, stream);
                erase.setLong(2, seq);
                erase.setString(3, stream);
                return erase.executeUpdate();
            }
        });
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
        discard();
    }
}
