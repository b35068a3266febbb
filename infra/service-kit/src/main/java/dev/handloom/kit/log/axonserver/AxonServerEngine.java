package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.SlicedEngine;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/** The engine that keeps its events on an Axon Server, which deletes nothing. */
final class AxonServerEngine extends SlicedEngine {
    private static final int FETCH = 500;

    private final AxonServer server;

    AxonServerEngine(AxonServer server, Serializer serializer, EventUpcaster upcasters) {
        super(serializer, upcasters, failure -> Trouble.of(failure) == Trouble.CONFLICT, FETCH);
        this.server = server;
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> messages, Serializer serializer) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            server.append(messages.stream().map(message -> Row.of(message, serializer)).toList());
        } catch (StatusRuntimeException taken) {
            handlePersistenceException(taken, messages.getFirst());
        }
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        server.storeSnapshot(Row.of(snapshot, serializer));
    }

    @Override
    protected Optional<Row> snapshotRow(String stream, long seq) {
        return server.snapshotUpTo(stream, seq);
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String stream, long firstSeq, int limit) {
        return legible(server.someOfSlice(stream, firstSeq, limit));
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken after, int limit) {
        return server.search(LogEngine.globalOf(after), server.lastGlobal(), _ -> true, limit).rows();
    }

    @Override
    public long search(long global, long end, Set<String> types, int limit, Consumer<TrackedEventMessage<?>> reader) {
        var found = server.search(global, end, event -> types.contains(event.getPayload().getType()), limit);
        var told = legible(found.rows()).stream().filter(row -> types.contains(row.type()));
        EventUtils.upcastAndDeserializeTrackedEvents(told, getEventSerializer(), upcasterChain).forEach(reader);
        return found.upTo();
    }

    @Override
    public List<Row> rows(String stream, long firstSeq, int limit) {
        return server.slice(stream, firstSeq, limit);
    }

    @Override
    public boolean erases() {
        return false;
    }

    @Override
    public void erase(String stream, long seq) {
        throw new UnsupportedOperationException("Axon Server deletes nothing");
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String stream) {
        return server.lastSeq(stream);
    }

    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(0);
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(server.lastGlobal());
    }

    @Override
    public TrackingToken createTokenAt(Instant at) {
        return new GlobalSequenceTrackingToken(server.globalBefore(at));
    }
}
