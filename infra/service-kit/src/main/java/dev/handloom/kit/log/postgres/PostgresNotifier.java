package dev.handloom.kit.log.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes commits known to other servers, after they are committed and on another connection: inside the transaction a
 * notification would make commits wait for each other. While one is on its way, all that follow become the next one.
 */
final class PostgresNotifier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresNotifier.class);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final PostgresDatabase database;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;
    private volatile long lastGlobal;
    private volatile boolean closed;
    private @Nullable Connection connection;

    PostgresNotifier(PostgresDatabase database) {
        this.database = database;
        this.thread = Thread.ofPlatform().name("log-notifier").daemon().start(this::tell);
    }

    /** Returns at once. */
    void committed(long global) {
        lastGlobal = global;
        news.release();
    }

    private void tell() {
        while (true) {
            news.acquireUninterruptibly();
            news.drainPermits();
            if (closed) {
                break;
            }
            try {
                tell(lastGlobal);
            } catch (SQLException lost) {
                // Whoever listens looks once a second in any case.
                log.debug("a commit was not made known: {}", lost.getMessage());
                disconnect();
            }
        }
        disconnect();
    }

    private void tell(long global) throws SQLException {
        var connected = connection;
        if (connected == null) {
            connected = database.connect(ANSWER_WITHIN);
            connection = connected;
        }
        try (PreparedStatement notify = connected.prepareStatement("select pg_notify(?, ?)")) {
            notify.setString(1, database.channel());
            notify.setString(2, String.valueOf(global));
            notify.execute();
        }
    }

    private void disconnect() {
        var broken = connection;
        connection = null;
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (SQLException left) {
            log.debug("the notifying connection could not be closed: {}", left.getMessage());
        }
    }

    @Override
    public void close() {
        closed = true;
        news.release();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
