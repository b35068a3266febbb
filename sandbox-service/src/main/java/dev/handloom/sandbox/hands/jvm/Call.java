package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One tool call on its way to its result. */
final class Call {
    static final ToolResult CANCELLED = new ToolResult("[cancelled]", true);

    private final StopSign stop = new StopSign();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<ToolResult> result = new CompletableFuture<>();

    StopSign stop() {
        return stop;
    }

    void begin() {
        begun.countDown();
    }

    boolean beginsWithin(Duration atMost) throws InterruptedException {
        return begun.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One that waits for its turn has ended by that, one that runs will end soon. */
    void cancel() {
        stop.raise(StopSign.Why.CANCELLED);
        if (begun.getCount() > 0) {
            finish(CANCELLED);
        }
    }

    /** Only the first result counts. */
    void finish(ToolResult came) {
        result.complete(came);
        begin();
    }

    void fail(String why) {
        result.completeExceptionally(new HandDied(why));
        begin();
    }

    boolean isDone() {
        return result.isDone();
    }

    /** Characters of memory that its result takes. */
    int size() {
        return result.isDone() && !result.isCompletedExceptionally() ? result.join().text().length() : 0;
    }

    ToolResult await() throws HandDied, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException died) {
            throw new HandDied(String.valueOf(died.getCause() == null ? null : died.getCause().getMessage()));
        }
    }
}
