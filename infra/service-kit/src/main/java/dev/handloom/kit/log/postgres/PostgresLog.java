package dev.handloom.kit.log.postgres;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.kit.log.GroupCommit;
import dev.handloom.kit.log.GroupCommit.Committed;
import dev.handloom.kit.log.LogFeed;
import dev.handloom.kit.log.LogFollower;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.RowEngine;
import dev.handloom.kit.log.RowReader;
import java.sql.SQLException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the engine, put together. What this process commits reaches its streams from memory, before it is
 * acknowledged; what others commit is read when they make it known.
 */
final class PostgresLog implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresLog.class);
    private static final int AGGREGATE_FETCH = 500;

    private final HikariDataSource readers;
    private final LogStreams streams;
    private final LogFeed feed;
    private final PostgresNotifier notifier;
    private final PostgresWriter writer;
    private final GroupCommit commits;
    private final RowEngine engine;
    private final LogFollower follower;
    private final PostgresListener listener;

    PostgresLog(PostgresDatabase database, Serializer serializer, EventUpcaster upcasters) {
        long last = database.lastGlobal();
        readers = database.forReading();
        streams = new LogStreams(last);
        feed = new LogFeed(streams::committed, last);
        notifier = new PostgresNotifier(database);
        writer = new PostgresWriter(new WritingSession(database, last, this::catchUp));
        commits = new GroupCommit(writer, this::committed);
        var reader = new RowReader(readers, PostgresDatabase.LAST_GLOBAL);
        engine = new RowEngine(reader, commits, serializer, upcasters, AGGREGATE_FETCH);
        follower = new LogFollower(reader, engine::readAnything, feed);
        listener = new PostgresListener(database, feed::last, follower::catchUp);
    }

    private void catchUp() {
        follower.catchUp();
    }

    private void committed(Committed own) {
        feed.committed(own);
        notifier.committed(own.firstGlobal() + own.rows().size() - 1);
    }

    LogStreams streams() {
        return streams;
    }

    RowEngine engine() {
        return engine;
    }

    /** Commits what waits, then ends. */
    @Override
    public void close() {
        try {
            commits.close();
        } catch (SQLException broken) {
            log.warn("the log was not closed cleanly: {}", broken.getMessage());
        } finally {
            writer.close();
            notifier.close();
            listener.close();
            readers.close();
        }
    }
}
