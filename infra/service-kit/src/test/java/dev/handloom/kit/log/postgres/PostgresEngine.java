package dev.handloom.kit.log.postgres;

import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.Serializers;
import java.util.Set;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** The PostgreSQL engine, put together as the application does it. */
final class PostgresEngine implements Engine {
    private static final int READERS = 4;

    private final PostgresLog log;
    private final EmbeddedEventStore store;

    PostgresEngine(String url) {
        log = new PostgresLog(PostgresDatabase.open(new PostgresSettings(url, "postgres", null, null, READERS)),
                Serializers.json(), new EventUpcasterChain());
        store = EmbeddedEventStore.builder().storageEngine(log.engine()).build();
    }

    @Override
    public EventStore store() {
        return store;
    }

    @Override
    public LogEngine engine() {
        return log.engine();
    }

    @Override
    public SessionLog sessions() {
        return EngineContract.sessions(log.engine(), log.streams());
    }

    @Override
    public StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes) {
        return EngineContract.source(log.engine(), log.streams(), payloadTypes);
    }

    @Override
    public void close() {
        store.shutDown();
        log.close();
    }
}
