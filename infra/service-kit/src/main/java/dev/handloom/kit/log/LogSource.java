package dev.handloom.kit.log;

import dev.handloom.kit.log.GroupCommit.Committed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** One event processor's view of the log: some payload types, in global order. */
class LogSource implements StreamableMessageSource<TrackedEventMessage<?>> {
    private final LogStreams streams;
    private final SqliteEngine engine;
    private final Set<String> payloadTypes;
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    private volatile long lastRelevant;

    LogSource(LogStreams streams, SqliteEngine engine, Set<String> payloadTypes) {
        this.streams = streams;
        this.engine = engine;
        this.payloadTypes = Set.copyOf(payloadTypes);
    }

    /** Runs on the writer's thread. */
    void committed(Committed commit) {
        for (int i = commit.rows().size() - 1; i >= 0; i--) {
            if (wants(commit.rows().get(i).type())) {
                lastRelevant = commit.firstGlobal() + i;
                readers.forEach(LogReader::wake);
                return;
            }
        }
    }

    boolean wants(String payloadType) {
        return payloadTypes.contains(payloadType);
    }

    /** The newest event of its types that this process has committed; 0 before the first. */
    long lastRelevant() {
        return lastRelevant;
    }

    @Override
    public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
        var reader = new LogReader(this, streams, engine, SqliteEngine.globalOf(after));
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
