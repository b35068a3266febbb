package dev.handloom.kit.log.sqlite;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.GroupCommit;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogSource;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.RowEngine;
import dev.handloom.kit.log.RowReader;
import dev.handloom.kit.log.Serializers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** The SQLite engine, put together as the application does it. */
public final class SqliteLog implements Engine {
    private static final int FETCH = 500;

    private final SqliteWriter writer;
    private final HikariDataSource readers;
    private final LogStreams streams;
    private final GroupCommit commits;
    private final LogEngine engine;
    private final EmbeddedEventStore store;

    public SqliteLog(Path folder) {
        this(new EventFile(folder.resolve("events.db")));
    }

    /** @param upcasters what older revisions of events go through */
    public SqliteLog(Path folder, EventUpcaster upcasters) {
        this(new EventFile(folder.resolve("events.db")), upcasters);
    }

    SqliteLog(EventFile file) {
        this(file, new SqliteWriter(file));
    }

    private SqliteLog(EventFile file, EventUpcaster upcasters) {
        this(file, new SqliteWriter(file), upcasters);
    }

    SqliteLog(EventFile file, SqliteWriter writer) {
        this(file, writer, new EventUpcasterChain());
    }

    private SqliteLog(EventFile file, SqliteWriter writer, EventUpcaster upcasters) {
        this.writer = writer;
        this.readers = file.forReading();
        this.streams = new LogStreams(writer.lastGlobal());
        this.commits = new GroupCommit(writer, streams::committed);
        this.engine = new RowEngine(new RowReader(readers, EventFile.LAST_GLOBAL), commits, Serializers.json(),
                upcasters, FETCH);
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
    public StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes) {
        return logSource(payloadTypes);
    }

    public LogSource logSource(Set<Class<?>> payloadTypes) {
        return streams.source(engine, payloadTypes.stream().map(Class::getName).collect(Collectors.toSet()));
    }

    public LogStreams streams() {
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
            readers.close();
            writer.close();
        }
    }
}
