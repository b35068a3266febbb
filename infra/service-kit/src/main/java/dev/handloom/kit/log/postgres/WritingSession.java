package dev.handloom.kit.log.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session that may write to the log; there is one in all servers together. It holds an advisory lock, which the
 * database lets go when the session has ended, and not before what the session was committing is either kept or undone.
 * Whoever has the lock and reads the last global index therefore knows all there is and all there will be from earlier
 * writers. Not for use by several threads.
 */
final class WritingSession implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WritingSession.class);
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
    /** {@code synchronous_commit} is made stronger where it is off, and never weaker than the operator has it. */
    private static final String FORCED = "select set_config('synchronous_commit',"
            + " case current_setting('synchronous_commit') when 'off' then 'on'"
            + " else current_setting('synchronous_commit') end, false) <> 'off'";
    /** All its statements find rows by an index; the planner, which keeps its plans, may have seen a small table. */
    private static final String BY_INDEX = "set_config('enable_seqscan', 'off', false)";
    private static final String READY = FORCED + ", current_setting('transaction_read_only') = 'off',"
            + " pg_try_advisory_lock(?), " + BY_INDEX;

    /** There is no session, and nothing was sent. */
    static final class Refused extends SQLException {
        Refused(String why, @Nullable Exception cause) {
            super(why, cause);
        }
    }

    private final PostgresDatabase database;
    private final Runnable catchUp;
    private @Nullable Connection open;
    private long lastGlobal;
    private long lastUsed;
    private Duration patience = RECONNECT_WITHIN;

    /** @param catchUp brings to the streams what is committed; called before the first commit of each session */
    WritingSession(PostgresDatabase database, long lastGlobal, Runnable catchUp) {
        this.database = database;
        this.lastGlobal = lastGlobal;
        this.catchUp = catchUp;
    }

    /** The global index of the last event: counted in memory, as nobody else can write while the session lasts. */
    long lastGlobal() {
        return lastGlobal;
    }

    /** A statement was answered, and so many events committed by it. */
    void used(int events) {
        lastGlobal += events;
        lastUsed = System.nanoTime();
    }

    /**
     * Its connection, which commits each statement.
     *
     * @throws Refused when there is none to be had, within 5 s the first time and at once after that
     */
    Connection connection() throws SQLException {
        discardIfDead();
        var ready = open;
        if (ready == null) {
            ready = reopened();
            open = ready;
            patience = RECONNECT_WITHIN;
            log.info("this server writes to the log, from event {} on", lastGlobal + 1);
        }
        return ready;
    }

    private void discardIfDead() throws SQLException {
        var idle = open;
        if (idle != null && System.nanoTime() - lastUsed > TRUSTED_IDLE.toNanos()
                && !idle.isValid(ALIVE_WITHIN_SECONDS)) {
            close();
        }
    }

    private Connection reopened() throws SQLException {
        long start = System.nanoTime();
        var pause = PAUSE_FIRST;
        while (true) {
            try {
                return opened();
            } catch (SQLException | EventStoreException failed) {
                if (System.nanoTime() + pause.toNanos() - start > most(failed).toNanos()) {
                    patience = Duration.ZERO;
                    throw failed instanceof Refused refused
                            ? refused
                            : new Refused("the log's database cannot be written to: " + failed.getMessage(), failed);
                }
                LockSupport.parkNanos(pause.toNanos());
                pause = shorter(pause.multipliedBy(2), PAUSE_MOST);
            }
        }
    }

    private Duration most(Exception failed) {
        return failed instanceof Refused ? shorter(LET_GO_WITHIN, patience) : patience;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Connection opened() throws SQLException {
        var connection = database.connect(COMMIT_WITHIN);
        try {
            makeReady(connection);
            lastGlobal = PostgresDatabase.lastGlobal(connection);
            catchUp.run();
            lastUsed = System.nanoTime();
            return connection;
        } catch (SQLException | RuntimeException notReady) {
            connection.close();
            throw notReady;
        }
    }

    private void makeReady(Connection connection) throws SQLException {
        try (var ready = connection.prepareStatement(READY)) {
            ready.setLong(1, database.lock());
            try (var answer = ready.executeQuery()) {
                answer.next();
                if (!answer.getBoolean(1)) {
                    throw new Refused("the log's database does not force commits to the disk", null);
                }
                if (!answer.getBoolean(2)) {
                    throw new Refused("the log's database is read-only", null);
                }
                if (!answer.getBoolean(3)) {
                    throw new Refused("another server writes to this log", null);
                }
            }
        }
    }

    /** Ends it; the next use begins another. */
    @Override
    public void close() {
        var ended = open;
        open = null;
        try {
            if (ended != null) {
                ended.close();
            }
        } catch (SQLException left) {
            log.debug("a broken connection could not be closed: {}", left.getMessage());
        }
    }
}
