package dev.handloom.kit.log.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of the commits of others, on a connection of its own, and has them read; and looks once a second in any case. */
final class PostgresListener implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresListener.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration RECONNECT_EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final PostgresDatabase database;
    private final LongSupplier known;
    private final Runnable catchUp;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Connection listening;

    /**
     * @param known   the global index up to which everything has gone on
     * @param catchUp reads what has been committed
     */
    PostgresListener(PostgresDatabase database, LongSupplier known, Runnable catchUp) {
        this.database = database;
        this.known = known;
        this.catchUp = catchUp;
        this.thread = Thread.ofPlatform().name("log-listener").daemon().start(this::listen);
    }

    private void listen() {
        boolean said = false;
        while (!closed) {
            try (var connection = database.connect(ANSWER_WITHIN); var listen = connection.createStatement()) {
                listening = connection;
                listen.execute("listen " + database.channel());
                if (said) {
                    log.info("the log's database can be reached again");
                    said = false;
                }
                follow(connection.unwrap(PGConnection.class));
            } catch (SQLException | RuntimeException lost) {
                if (!closed && !said) {
                    log.warn("the log's database cannot be followed: {}", lost.getMessage());
                    said = true;
                }
                if (!closed) {
                    LockSupport.parkNanos(RECONNECT_EVERY.toNanos());
                }
            }
        }
    }

    private void follow(PGConnection connection) throws SQLException {
        long looked = System.nanoTime() - LOOK_EVERY.toNanos();
        while (!closed) {
            boolean due = System.nanoTime() - looked >= LOOK_EVERY.toNanos();
            var notices = connection.getNotifications(due ? -1 : Math.toIntExact(LOOK_EVERY.toMillis()));
            if (due || notices == null || Arrays.stream(notices).anyMatch(this::isNews)) {
                catchUp.run();
                looked = System.nanoTime();
            }
        }
    }

    /** What this process committed itself is no news. Anybody may send a notification, so its text is not trusted. */
    private boolean isNews(PGNotification notice) {
        var global = notice.getParameter();
        return !global.matches("\\d{1,18}") || Long.parseLong(global) > known.getAsLong();
    }

    @Override
    public void close() {
        closed = true;
        var connection = listening;
        try {
            if (connection != null) {
                connection.abort(Runnable::run);
            }
            LockSupport.unpark(thread);
            thread.join();
        } catch (SQLException left) {
            log.debug("the listening connection could not be closed: {}", left.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
