package dev.handloom.kit.log;

import dev.handloom.kit.log.GroupCommit.Committed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** One event processor's view of the log: some payload types, in global order. */
final class LogSource implements StreamableMessageSource<TrackedEventMessage<?>> {
    private final LogStreams streams;
    private final LogEngine engine;
    private final Set<String> payloadTypes;
    private final List<LogReader> readers = new CopyOnWriteArrayList<>();
    /** The end of the log when this process began; what of its types lies before it is found by looking. */
    private final long beginning;
    private final AtomicLong looked = new AtomicLong();
    private final AtomicLong lastRelevant = new AtomicLong();

    LogSource(LogStreams streams, LogEngine engine, Set<String> payloadTypes) {
        this.streams = streams;
        this.engine = engine;
        this.payloadTypes = Set.copyOf(payloadTypes);
        this.beginning = streams.lastGlobal();
    }

    /** Called by one thread at a time, in commit order. */
    void committed(Committed commit) {
        for (int i = commit.rows().size() - 1; i >= 0; i--) {
            if (wants(commit.rows().get(i).type())) {
                found(commit.firstGlobal() + i);
                readers.forEach(LogReader::wake);
                return;
            }
        }
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
