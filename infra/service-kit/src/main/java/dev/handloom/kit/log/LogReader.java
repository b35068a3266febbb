package dev.handloom.kit.log;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;

/** Reads the log from a position on: from disk until it has caught up, then from memory as commits come in. */
class LogReader implements BlockingStream<TrackedEventMessage<?>> {
    /** How many events one read from disk fetches at the most. */
    private static final int FETCH = 500;
    /** How long one wait lasts at the most, so that a missed signal only delays. */
    private static final long WAIT_MAX_MS = 500;

    private final LogSource source;
    private final LogStreams streams;
    private final LogEngine engine;
    private final Deque<TrackedEventMessage<?>> read = new ArrayDeque<>();
    private final Object signal = new Object();
    private volatile long signals;
    private long position;
    private @Nullable Runnable whenAvailable;

    LogReader(LogSource source, LogStreams streams, LogEngine engine, long position) {
        this.source = source;
        this.streams = streams;
        this.engine = engine;
        this.position = position;
    }

    void wake() {
        Runnable callback;
        synchronized (signal) {
            signals++;
            signal.notifyAll();
            callback = whenAvailable;
        }
        try {
            if (callback != null) {
                callback.run();
            }
        } catch (RejectedExecutionException _) {
            // The processor has been shut down.
        }
    }

    /** Moves on until there is something to hand out or the end is reached. */
    private synchronized @Nullable TrackedEventMessage<?> look() {
        for (long end = streams.lastGlobal(); read.isEmpty() && position < end; end = streams.lastGlobal()) {
            var next = streams.recent(position + 1);
            if (next == null) {
                position = engine.search(position, end, source.payloadTypes(), FETCH, this::add);
            } else {
                position++;
                if (source.wants(next.getPayloadType().getName())) {
                    add(next);
                }
            }
        }
        source.looked(position);
        return read.peek();
    }

    private void add(TrackedEventMessage<?> event) {
        source.found(LogEngine.globalOf(event.trackingToken()));
        read.add(event);
    }

    @Override
    public Optional<TrackedEventMessage<?>> peek() {
        return Optional.ofNullable(look());
    }

    @Override
    public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        while (true) {
            long seen = signals;
            if (look() != null) {
                return true;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            synchronized (signal) {
                if (signals == seen) {
                    signal.wait(Math.min(left, WAIT_MAX_MS));
                }
            }
        }
    }

    @Override
    public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
        while (!hasNextAvailable(1, TimeUnit.SECONDS)) {
            // Axon asks when something is there; otherwise this waits for the next commit.
        }
        synchronized (this) {
            return Objects.requireNonNull(read.poll());
        }
    }

    @Override
    public boolean setOnAvailableCallback(Runnable callback) {
        synchronized (signal) {
            whenAvailable = callback;
        }
        return true;
    }

    @Override
    public void close() {
        source.closed(this);
    }
}
