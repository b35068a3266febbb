package dev.handloom.standalone.api;

import com.anthropic.core.Sleeper;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the waits between the SDK's retries, and waits for none of them. */
final class Naps implements Sleeper {
    private final AtomicInteger taken = new AtomicInteger();

    int taken() {
        return taken.get();
    }

    @Override
    public void sleep(Duration duration) {
        taken.incrementAndGet();
    }

    @Override
    public CompletableFuture<Void> sleepAsync(Duration duration) {
        taken.incrementAndGet();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
