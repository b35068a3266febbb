package dev.handloom.sandbox.hands.jvm;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Raised once to end a call; the shell looks at it between commands. */
final class StopSign {
    enum Why {
        CANCELLED, TIMED_OUT, OUT_OF_MEMORY
    }

    private final AtomicReference<@Nullable Why> why = new AtomicReference<>();
    private final CountDownLatch raised = new CountDownLatch(1);

    /** Only the first reason counts. */
    void raise(Why reason) {
        why.compareAndSet(null, reason);
        raised.countDown();
    }

    boolean isUp() {
        return why.get() != null;
    }

    @Nullable
    Why why() {
        return why.get();
    }

    /** Waits until it is raised, but no longer than so. */
    void await(Duration atMost) throws InterruptedException {
        raised.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
