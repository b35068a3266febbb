package dev.handloom.kit.log.sqlite;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.GroupCommit;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.RowEngine;
import dev.handloom.kit.log.RowReader;
import dev.handloom.kit.log.Serializers;
import dev.handloom.kit.seal.Seal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;

/** The SQLite engine, put together as the application does it. */
public final class SqliteLog implements Engine {
    private static final int FETCH = 500;

    private final Seal seal;
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
        this(file, new SqliteWriter(file), Serializers::sealed, upcasters);
    }

    SqliteLog(EventFile file, SqliteWriter writer) {
        this(file, writer, Serializers::sealed, new EventUpcasterChain());
    }

    /** As it was before there was a seal. */
    static SqliteLog plain(Path folder) {
        var file = new EventFile(folder.resolve("events.db"));
        return new SqliteLog(file, new SqliteWriter(file), _ -> Serializers.json(), new EventUpcasterChain());
    }

    private SqliteLog(
            EventFile file,
            SqliteWriter writer,
            Function<Seal, Serializer> serializer,
            EventUpcaster upcasters
    ) {
        this.seal = Seal.open(new DataFolder(Objects.requireNonNull(file.path().toAbsolutePath().getParent())),
                null);
        this.writer = writer;
        this.readers = file.forReading();
        this.streams = new LogStreams(writer.lastGlobal());
        this.commits = new GroupCommit(writer, streams::committed);
        this.engine = new RowEngine(new RowReader(readers, EventFile.LAST_GLOBAL), commits, serializer.apply(seal),
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
        return EngineContract.sessions(engine, streams, seal);
    }

    @Override
    public StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes) {
        return EngineContract.source(engine, streams, payloadTypes);
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
            seal.close();
        }
    }
}
