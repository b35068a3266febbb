package dev.handloom.kit.log;

import dev.handloom.api.session.SessionLog;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/** The SQLite engine, put together as the application does it. */
final class SqliteLog implements Engine {
    private static final int FETCH = 500;

    private final EventWriter writer;
    private final Events events;
    private final LogStreams streams;
    private final GroupCommit commits;
    private final SqliteEngine engine;
    private final EmbeddedEventStore store;

    SqliteLog(Path folder) {
        this(new EventFile(folder.resolve("events.db")));
    }

    SqliteLog(EventFile file) {
        this(file, new EventWriter(file));
    }

    SqliteLog(EventFile file, EventWriter writer) {
        this.writer = writer;
        this.events = new Events(file);
        this.streams = new LogStreams(writer.lastGlobal());
        this.commits = new GroupCommit(writer, streams::committed);
        this.engine = new SqliteEngine(events, commits, serializer(), FETCH);
        this.store = EmbeddedEventStore.builder().storageEngine(engine).build();
    }

    static Serializer serializer() {
        return Jackson3Serializer.builder().jsonMapperBuilderCustomizer(new LogConfiguration().knownTypes()).build();
    }

    @Override
    public EventStore store() {
        return store;
    }

    @Override
    public SessionLog sessions() {
        return new StoredSessionLog(engine, streams);
    }

    @Override
    public StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes) {
        return logSource(payloadTypes);
    }

    LogSource logSource(Set<Class<?>> payloadTypes) {
        return streams.source(engine, payloadTypes.stream().map(Class::getName).collect(Collectors.toSet()));
    }

    LogStreams streams() {
        return streams;
    }

    GroupCommit commits() {
        return commits;
    }

    @Override
    public void close() {
        try {
            store.shutDown();
            commits.close();
        } catch (SQLException broken) {
            throw new AssertionError(broken);
        } finally {
            events.close();
            writer.close();
        }
    }
}
