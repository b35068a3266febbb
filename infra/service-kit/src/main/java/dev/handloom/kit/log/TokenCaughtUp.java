package dev.handloom.kit.log;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;

/** Compares a group's token with the newest event of its types. */
class TokenCaughtUp implements CaughtUp {
    private static final Duration WAIT_MAX = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofNanos(200_000);

    private final LogStreams streams;
    private final LogSources sources;
    private final Supplier<EventProcessingConfiguration> processing;

    TokenCaughtUp(LogStreams streams, LogSources sources, Supplier<EventProcessingConfiguration> processing) {
        this.streams = streams;
        this.sources = sources;
        this.processing = processing;
    }

    @Override
    public void await(String group) {
        var source = sources.of(group);
        long deadline = System.nanoTime() + WAIT_MAX.toNanos();
        long stored = streams.stored();
        await(() -> streams.hasTold(stored), deadline);
        await(source::knowsItsPast, deadline);
        long wanted = source.lastRelevant();
        await(() -> handled(group) >= wanted, deadline);
    }

    /** Whether every group has handled all of its events that are known by now. */
    boolean all() {
        return sources.byGroup()
                .entrySet()
                .stream()
                .allMatch(group -> group.getValue().knowsItsPast()
                        && handled(group.getKey()) >= group.getValue().lastRelevant());
    }

    private static void await(BooleanSupplier reached, long deadline) {
        while (!reached.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /** The smallest position of the group's segments; 0 while it has none. */
    private long handled(String group) {
        return processing.get()
                .eventProcessor(group, StreamingEventProcessor.class)
                .map(processor -> processor.processingStatus()
                        .values()
                        .stream()
                        .mapToLong(TokenCaughtUp::position)
                        .min()
                        .orElse(0))
                .orElse(0L);
    }

    private static long position(EventTrackerStatus segment) {
        return LogEngine.globalOf(segment.getTrackingToken());
    }
}
