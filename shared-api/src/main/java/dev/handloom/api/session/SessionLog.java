package dev.handloom.api.session;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads and extends a session's log. Positions count 1..n without a gap. Safe for any number of threads. */
public interface SessionLog {
    /** The most entries one slice holds. */
    int SLICE_MAX = 1000;
    /** A slice ends early with the entry whose payload brings it to this many bytes. */
    long SLICE_BYTES_MAX = 16L << 20;

    /**
     * In the metadata of entries that were copied from another session's log: the other session's id. What they say was
     * done there, and is done nowhere again.
     */
    String COPIED_FROM = "copiedFrom";

    record Entry(long position, SessionEvent event) {}

    /**
     * An entry with all that is kept about it.
     *
     * @param id            the stored event's own id, unique in its log; not the id that the API shows
     * @param type          the stored type's name
     * @param revision      of the type, as it was written
     * @param causationId   the message that caused it, if one is known
     * @param correlationId the message that began it all, if one is known
     * @param metaData      what else was kept beside it
     * @param bytes         the payload's length as it was written
     * @param blob          the SHA-256 of its payload as stored, when it lies beside the log
     */
    record Stored(
            long position,
            String id,
            String type,
            @Nullable String revision,
            Instant at,
            @Nullable String causationId,
            @Nullable String correlationId,
            Map<String, String> metaData,
            long bytes,
            @Nullable String blob,
            SessionEvent event
    ) {}

    /**
     * An entry to be stored.
     *
     * @param id       whoever repeats an append repeats the ids: by them a repetition is known
     * @param metaData kept beside it; may be empty
     */
    record Writing(String id, SessionEvent event, Map<String, String> metaData) {}

    /** What became of an append. */
    sealed interface Outcome {
        /** It is durable; {@code head} is the position of its last entry. */
        record Appended(long head) implements Outcome {}

        /** It was durable already: this is a repetition. */
        record Duplicate(long head) implements Outcome {}

        /** Nothing was stored, because the log does not end where it was expected to. */
        record Conflict(long head) implements Outcome {}

        /** It may or may not be stored: append again with the same ids to know. */
        record Unknown(String why) implements Outcome {}
    }

    /**
     * Adds entries behind the position {@code head}, all or none.
     *
     * @param head   0 to begin a log
     * @param events 1 or more, all of this session
     */
    Outcome append(SessionId session, long head, List<Writing> events);

    /**
     * The entries at positions {@code from}, {@code from + 1}, … oldest first.
     *
     * @param limit 1 to {@link #SLICE_MAX}
     * @return empty only for an unknown session or past its end; never more than {@code limit}, but fewer also before
     *         the end, when they are large ({@link #SLICE_BYTES_MAX})
     */
    List<Entry> slice(SessionId session, long from, int limit);

    /** The entries at positions {@code from}, {@code from - 1}, … newest first; otherwise as {@link #slice}. */
    default List<Entry> sliceBack(SessionId session, long from, int limit) {
        long last = Math.min(from, head(session));
        if (last < 1) {
            return List.of();
        }
        int wanted = limit;
        while (true) {
            long first = Math.max(1, last - wanted + 1);
            var slice = slice(session, first, (int) (last - first + 1));
            if (slice.isEmpty() || slice.getLast().position() >= last) {
                return slice.stream().filter(entry -> entry.position() <= last).toList().reversed();
            }
            wanted = Math.max(1, wanted / 2);
        }
    }

    /** As {@link #slice}, with all that is kept about each entry. */
    List<Stored> stored(SessionId session, long from, int limit);

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
