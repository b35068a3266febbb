package dev.handloom.api.session;

import java.util.List;
import java.util.function.Consumer;

/** Reads a session's log. Positions count 1..n without a gap. Safe for any number of threads. */
public interface SessionLog {
    /** The most entries one slice holds. */
    int SLICE_MAX = 1000;

    record Entry(long position, SessionEvent event) {}

    /**
     * The entries at positions {@code from}, {@code from + 1}, … oldest first.
     *
     * @param limit 1 to {@link #SLICE_MAX}
     * @return empty for an unknown session or past its end; never more than {@code limit}
     */
    List<Entry> slice(SessionId session, long from, int limit);

    /** Removes all but the last entry, which says that the session was deleted. */
    void erase(SessionId session);

    /** The position of the last entry, 0 for an unknown session. */
    long head(SessionId session);

    /**
     * Hands every entry that is committed from now on to the listener, in order per session. The listener must return
     * at once and never throw.
     *
     * @return closes the tail
     */
    AutoCloseable tail(Consumer<Entry> listener);
}
