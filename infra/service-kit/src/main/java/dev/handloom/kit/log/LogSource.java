package dev.handloom.kit.log;

import dev.handloom.kit.log.GroupCommit.Committed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** One event processor's view of the log: some payload types, in global order. */
public final class LogSource implements StreamableMessageSource<TrackedEventMessage<?>> {
    private static final Duration WAIT_MAX = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofNanos(200_000);

    /**
     * How far somebody has come.
     *
     * @param position all events of its types up to this global index have been handled
     * @param head     the end of the log
     * @param caughtUp nothing that was committed before the question is missing
     */
    public record Reach(long position, long head, boolean caughtUp) {
        /** Global indexes between the two; most of them may be other people's events. */
        public long behind() {
            return head - position;
        }
    }

    private final LogStreams streams;
    private final LogEngine engine;
    private final Set<String> payloadTypes;
    private final Duration gather;
    private final AtomicBoolean gathering = new AtomicBoolean();
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    /** The end of the log when this process began; what of its types lies before it is found by looking. */
    private final long beginning;
    private final AtomicLong looked = new AtomicLong();
    private final AtomicLong lastRelevant = new AtomicLong();
    /** Every commit up to this global index has been looked through for its types. */
    private final AtomicLong told = new AtomicLong();

    /** @param gather how long events may gather before its readers are woken; zero wakes them at once */
    LogSource(LogStreams streams, LogEngine engine, Set<String> payloadTypes, Duration gather) {
        this.streams = streams;
        this.engine = engine;
        this.payloadTypes = Set.copyOf(payloadTypes);
        this.gather = gather;
        this.beginning = streams.lastGlobal();
        this.told.set(beginning);
    }

    /** Called by one thread at a time, in commit order. */
    void committed(Committed commit) {
        for (int i = commit.rows().size() - 1; i >= 0; i--) {
            if (wants(commit.rows().get(i).type())) {
                found(commit.firstGlobal() + i);
                wakeSoon();
                break;
            }
        }
        told.accumulateAndGet(commit.firstGlobal() + commit.rows().size() - 1, Math::max);
    }

    private void wakeSoon() {
        if (gather.isZero()) {
            wake();
        } else if (gathering.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(gather.toNanos(), TimeUnit.NANOSECONDS).execute(() -> {
                gathering.set(false);
                wake();
            });
        }
    }

    private void wake() {
        readers.forEach(LogReader::wake);
    }

    /**
     * Returns when everything of its types has been handled that was committed before this call; at the latest after
     * two seconds.
     *
     * @param handled the global index up to which it has been handled by now
     */
    public void awaitHandled(LongSupplier handled) {
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        long stored = streams.stored();
        await(() -> streams.hasTold(stored), deadline);
        if (!gather.isZero()) {
            wake();
        }
        await(this::knowsItsPast, deadline);
        long wanted = lastRelevant();
        await(() -> handled.getAsLong() >= wanted, deadline);
    }

    private static void await(BooleanSupplier reached, long deadline) {
        while (!reached.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** @param handled the global index of the last event of its types that has been handled, with all before it */
    public Reach reach(long handled) {
        long head = Math.max(told.get(), handled);
        boolean all = knowsItsPast() && handled >= lastRelevant();
        return new Reach(all ? head : handled, head, all);
    }

    boolean wants(String payloadType) {
        return payloadTypes.contains(payloadType);
    }

    Set<String> payloadTypes() {
        return payloadTypes;
    }

    /** An event of its types stands at this global index. */
    void found(long global) {
        lastRelevant.accumulateAndGet(global, Math::max);
    }

    /** A reader has looked at everything up to this global index. */
    void looked(long global) {
        looked.accumulateAndGet(global, Math::max);
    }

    /** Whether all events of its types are known that were there when this process began. */
    boolean knowsItsPast() {
        return looked.get() >= beginning;
    }

    /** The newest known event of its types; 0 before the first. */
    long lastRelevant() {
        return lastRelevant.get();
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        var reader = new LogReader(this, streams, engine, LogEngine.globalOf(after));
        readers.add(reader);
        return reader;
    }

    void closed(LogReader reader) {
        readers.remove(reader);
    }

    @Override
    public TrackingToken createTailToken() {
        return engine.createTailToken();
    }

    @Override
    public TrackingToken createHeadToken() {
        return engine.createHeadToken();
    }

    @Override
    public TrackingToken createTokenAt(Instant at) {
        return engine.createTokenAt(at);
    }

    @Override
    public TrackingToken createTokenSince(Duration ago) {
        return createTokenAt(GenericEventMessage.clock.instant().minus(ago));
    }
}
