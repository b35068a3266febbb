package dev.handloom.kit.log;

import java.sql.SQLException;
import java.util.List;

/** The one connection that writes an engine's rows. Only {@link GroupCommit}'s thread uses it. */
public interface RowWriter extends AutoCloseable {
    /** What a failed write was. */
    enum Failure {
        /** The place is taken, or the one before it is not: nothing was stored. */
        CONFLICT,
        /** There is no room: nothing was stored, and it may work later. */
        FULL,
        /**
         * The store cannot say what it kept. Nothing more may be acknowledged until it was opened afresh, because a later
         * commit might succeed without an earlier one.
         */
        UNCONFIRMED,
        /**
         * The store was lost while it committed: what was written may or may not be stored, and must not be written again
         * without a look. The writer goes on.
         */
        LOST,
        /** The store takes no writes from here at present: nothing was stored. The exception's message says why. */
        REFUSED,
        /** Anything else; nothing was stored, as far as is known. */
        OTHER
    }

    /** The global index of the last committed event. */
    long lastGlobal();

    /**
     * Commits all rows, or none and throws.
     *
     * @return the global index of the first
     */
    long commit(List<Row> rows) throws SQLException;

    /** Keeps a snapshot, unless the event it was taken at has been erased. */
    void commitSnapshot(Row row) throws SQLException;

    /** Removes a stream's events up to and including {@code seq}, and its snapshots, as far as the store can. */
    void erase(String stream, long seq) throws SQLException;

    /** What one of its exceptions, or one caused by it, means. */
    Failure meaning(Throwable failure);

    @Override
    void close();
}
