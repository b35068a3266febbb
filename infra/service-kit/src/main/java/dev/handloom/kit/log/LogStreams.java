package dev.handloom.kit.log;

import dev.handloom.kit.log.GroupCommit.Committed;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericTrackedDomainEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries each commit to whoever waits for it. Event processors are woken instead of polling (Axon's own embedded store
 * lets a pooled processor wait up to 500 ms), and what was just committed is handed over from memory instead of being
 * read back and parsed again.
 */
public final class LogStreams {
    private static final Logger log = LoggerFactory.getLogger(LogStreams.class);
    /** How many of the newest events are kept for readers that are nearly up to date. */
    private static final int RECENT_EVENTS_MAX = 4096;
    /** How many bytes of payload those may have together, wherever it is stored. */
    private static final long RECENT_BYTES_MAX = 16L << 20;

    private record Recent(TrackedEventMessage<?> message, int bytes) {}

    private final ConcurrentSkipListMap<Long, Recent> recent = new ConcurrentSkipListMap<>();
    private long recentBytes;
    private volatile long lastGlobal;
    /** As {@link #lastGlobal}, but set when everybody has been told. */
    private volatile long told;
    private final LongSupplier stored;
    private final List<LogSource> sources = new CopyOnWriteArrayList<>();
    private final List<Consumer<List<EventMessage<?>>>> listeners = new CopyOnWriteArrayList<>();

    /** @param lastGlobal the global index of the last event that was stored before this process began */
    public LogStreams(long lastGlobal) {
        this(lastGlobal, () -> 0);
    }

    /**
     * For an engine that acknowledges an append before it comes by here.
     *
     * @param stored asks for the global index of the last event that is stored, by whomever
     */
    public LogStreams(long lastGlobal, LongSupplier stored) {
        this.lastGlobal = lastGlobal;
        this.told = lastGlobal;
        this.stored = stored;
    }

    /** Runs on one thread, the writer's or a server's tail, in commit order. */
    public void committed(Committed commit) {
        long global = commit.firstGlobal();
        for (int i = 0; i < commit.messages().size(); i++) {
            int bytes = commit.rows().get(i).size();
            recent.put(global, new Recent(tracked(commit.messages().get(i), global), bytes));
            recentBytes += bytes;
            global++;
        }
        lastGlobal = global - 1;
        while (recent.size() > RECENT_EVENTS_MAX || recentBytes > RECENT_BYTES_MAX) {
            recentBytes -= recent.pollFirstEntry().getValue().bytes();
        }
        listeners.forEach(listener -> told(() -> listener.accept(commit.messages())));
        sources.forEach(source -> told(() -> source.committed(commit)));
        told = global - 1;
    }

    /** What is committed stays committed: a listener with a mistake must not keep it from the others. */
    private static void told(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException mistake) {
            log.error("a listener to the log failed", mistake);
        }
    }

    private static TrackedEventMessage<?> tracked(EventMessage<?> message, long global) {
        var token = new GlobalSequenceTrackingToken(global);
        return message instanceof DomainEventMessage<?> domain
                ? new GenericTrackedDomainEventMessage<>(token, domain)
                : new GenericTrackedEventMessage<>(token, message);
    }

    public long lastGlobal() {
        return lastGlobal;
    }

    /** Up to which global index everybody must have been told, so that what is stored by now is known here. */
    public long stored() {
        return stored.getAsLong();
    }

    public boolean hasTold(long global) {
        return told >= global;
    }

    /** The event at this global index if it is still in memory. */
    @Nullable
    TrackedEventMessage<?> recent(long global) {
        var found = recent.get(global);
        return found == null ? null : found.message();
    }

    /** @param listener runs where the commit is handed over; must return at once and never throw */
    AutoCloseable listen(Consumer<List<EventMessage<?>>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The events of these payload types only; the others neither wake its readers nor are handed to them. */
    public LogSource source(LogEngine engine, Set<String> payloadTypes) {
        return source(engine, payloadTypes, Duration.ZERO);
    }

    /** @param gather how long events may gather before the readers are woken, unless somebody waits for them */
    public LogSource source(LogEngine engine, Set<String> payloadTypes, Duration gather) {
        var source = new LogSource(this, engine, payloadTypes, gather);
        sources.add(source);
        return source;
    }
}
