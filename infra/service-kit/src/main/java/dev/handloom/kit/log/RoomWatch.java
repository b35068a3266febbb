package dev.handloom.kit.log;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Watches the room on the data folder's disk: says when it has run out, and when it is back lets the event processors
 * try again at once, whose own pauses grow to a minute.
 */
class RoomWatch implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(RoomWatch.class);
    /** With less than this, the disk counts as full. */
    private static final long LEAST_BYTES = 1 << 20;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final LongSupplier roomBytes;
    private final Runnable whenBack;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("room-watch").factory());
    private boolean full;
    private volatile boolean running;

    /** @param roomBytes what can still be written to the disk, in bytes */
    RoomWatch(LongSupplier roomBytes, Runnable whenBack) {
        this.roomBytes = roomBytes;
        this.whenBack = whenBack;
    }

    void look() {
        try {
            boolean nowFull = roomBytes.getAsLong() < LEAST_BYTES;
            if (nowFull && !full) {
                log.error("the disk of the data folder is full: writes are refused, reads go on");
            } else if (full && !nowFull) {
                log.warn("there is room on the disk of the data folder again");
                whenBack.run();
            }
            full = nowFull;
        } catch (RuntimeException failed) {
            log.warn("the room on the disk could not be looked at: {}", failed.toString());
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
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
