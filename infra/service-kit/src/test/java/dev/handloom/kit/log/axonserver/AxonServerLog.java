package dev.handloom.kit.log.axonserver;

import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.Serializers;
import io.axoniq.axonserver.connector.event.EventChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** The engine on a real server, put together as the application does it, in a {@link Corner} of the server's context. */
final class AxonServerLog implements Engine {
    static final String ADDRESS = "AXON_SERVER";
    static final String SKIPPED = "AXON_SERVER=host:port names no Axon Server to test against";
    /** What a server takes that was not told otherwise. */
    static final DataSize EVENT_MAX = DataSize.ofMegabytes(4);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * Where a test's events are.
     *
     * @param beginning the server's last global index before the first of them
     */
    record Place(AxonServerSettings settings, String suffix, long beginning) {
        static Place fresh() {
            return fresh(reach(System.getenv(ADDRESS)));
        }

        static Place fresh(AxonServerSettings settings) {
            try (var connection = new Connection(settings);
                    var server = new AxonServer(connection::events, connection::isThere, settings)) {
                return new Place(settings, Corner.unused(), server.lastGlobal());
            }
        }
    }

    static AxonServerSettings reach(String address) {
        return new AxonServerSettings(List.of(address), "default", null, null, false, null, PATIENCE, EVENT_MAX);
    }

    private final Place place;
    private final Connection connection;
    private final AxonServer server;
    private final LogStreams streams;
    private final AxonServerEngine engine;
    private final Tail tail;
    private final EmbeddedEventStore store;

    AxonServerLog(Place place) {
        this(place, channel -> channel);
    }

    /** @param wire what stands between the engine and the server's channel */
    AxonServerLog(Place place, UnaryOperator<EventChannel> wire) {
        this.place = place;
        this.connection = new Connection(place.settings());
        this.server = new AxonServer(() -> wire.apply(Corner.of(connection.events(), place.suffix())),
                connection::isThere, place.settings());
        this.streams = new LogStreams(server.lastGlobal(), server::lastGlobalOrMax);
        this.engine = new AxonServerEngine(server, Serializers.json(), new EventUpcasterChain());
        this.tail = new Tail(server, engine::readAnything, streams, streams.lastGlobal());
        this.store = EmbeddedEventStore.builder().storageEngine(engine).build();
    }

    @Override
    public EventStore store() {
        return store;
    }

    @Override
    public LogEngine engine() {
        return engine;
    }

    @Override
    public SessionLog sessions() {
        return EngineContract.sessions(engine, streams);
    }

    @Override
    public boolean tellsBeforeItAcknowledges() {
        return false;
    }

    @Override
    public boolean isAlone() {
        return place.beginning() == 0;
    }

    /** The same way as a read that must be up to date. */
    void catchUp() {
        long stored = streams.stored();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!streams.hasTold(stored)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the tail did not come to " + stored);
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    @Override
    public StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes) {
        catchUp();
        return new Mine(EngineContract.source(engine, streams, payloadTypes));
    }

    /** The log as if it began where this place began. */
    private final class Mine implements StreamableMessageSource<TrackedEventMessage<?>> {
        private final StreamableMessageSource<TrackedEventMessage<?>> whole;

        Mine(StreamableMessageSource<TrackedEventMessage<?>> whole) {
            this.whole = whole;
        }

        private TrackingToken mine(@Nullable TrackingToken token) {
            return new GlobalSequenceTrackingToken(Math.max(place.beginning(), LogEngine.globalOf(token)));
        }

        @Override
        public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken after) {
            return whole.openStream(mine(after));
        }

        @Override
        public TrackingToken createTailToken() {
            return mine(whole.createTailToken());
        }

        @Override
        public TrackingToken createHeadToken() {
            return whole.createHeadToken();
        }

        @Override
        public TrackingToken createTokenAt(Instant at) {
            return mine(whole.createTokenAt(at));
        }

        @Override
        public TrackingToken createTokenSince(Duration ago) {
            return mine(whole.createTokenSince(ago));
        }
    }

    @Override
    public void close() {
        store.shutDown();
        tail.close();
        server.close();
        connection.close();
    }
}
