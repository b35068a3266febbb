package dev.handloom.kit.log;

import dev.handloom.api.session.SessionEvent;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * What is deleted from the state file still stands in its write-ahead log. So once a session was deleted, and all who
 * keep state have handled that, the log is moved into the file and cut. At the start too: it may have been due.
 */
class WriteAheadCut implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(WriteAheadCut.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final DataSource state;
    private final BooleanSupplier caughtUp;
    private final AutoCloseable tail;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("state-write-ahead").factory());
    private volatile boolean due = true;
    private volatile boolean running;

    /** @param caughtUp whether everything that is known to have happened has been handled */
    WriteAheadCut(DataSource state, LogStreams streams, BooleanSupplier caughtUp) {
        this.state = state;
        this.caughtUp = caughtUp;
        this.tail = streams.listen(this::committed);
    }

    private void committed(List<EventMessage<?>> messages) {
        if (messages.stream().anyMatch(message -> message.getPayload() instanceof SessionEvent.Deleted)) {
            due = true;
        }
    }

    void look() {
        if (!due) {
            return;
        }
        due = false;
        try {
            due = !caughtUp.getAsBoolean() || !cut();
        } catch (SQLException | RuntimeException failed) {
            due = true;
            log.warn("the write-ahead log of the state file could not be cut: {}", failed.toString());
        }
    }

    private boolean cut() throws SQLException {
        try (var connection = state.getConnection();
                var statement = connection.createStatement();
                var busy = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
            return busy.next() && busy.getInt(1) == 0;
        }
    }

    @Override
    public void start() {
        running = true;
        var _ = watch.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        watch.shutdownNow();
        try {
            tail.close();
        } catch (Exception left) {
            log.debug("the tail was closed already", left);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
