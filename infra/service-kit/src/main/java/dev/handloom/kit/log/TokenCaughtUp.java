package dev.handloom.kit.log;

import java.util.function.Supplier;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;

/** Compares a group's token with the newest event of its types. */
class TokenCaughtUp implements CaughtUp {
    private final LogSources sources;
    private final Supplier<EventProcessingConfiguration> processing;

    TokenCaughtUp(LogSources sources, Supplier<EventProcessingConfiguration> processing) {
        this.sources = sources;
        this.processing = processing;
    }

    @Override
    public void await(String group) {
        sources.of(group).awaitHandled(() -> handled(group));
    }

    /** Whether every group has handled all of its events that are known by now. */
    boolean all() {
        return sources.byGroup()
                .entrySet()
                .stream()
                .allMatch(group -> group.getValue().knowsItsPast()
                        && handled(group.getKey()) >= group.getValue().lastRelevant());
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
