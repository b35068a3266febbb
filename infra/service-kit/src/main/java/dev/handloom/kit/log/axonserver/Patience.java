package dev.handloom.kit.log.axonserver;

import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Makes a call again and again while the connection is away, a little less often each time, but not for ever. */
final class Patience {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final double PAUSE_GROWS_BY = 2;
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);
    private static final double SPREAD = 0.3;

    private final Duration wait;
    private final Retry retry;
    private volatile boolean ended;

    /** A failure after which nobody waits any longer. */
    private static final class Over extends Exception {
        Over(Exception last) {
            super(last);
        }
    }

    /** @param wait after this long, no call is made again */
    Patience(Duration wait) {
        this.wait = wait;
        this.retry = Retry.of("axon-server", RetryConfig.custom()
                .maxAttempts(attempts(wait))
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(
                        FIRST_PAUSE, PAUSE_GROWS_BY, SPREAD, PAUSE_MAX))
                .retryOnException(failure -> !(failure instanceof Over))
                .build());
    }

    /** More than fit into the wait, however short the pauses turn out. */
    private static int attempts(Duration wait) {
        return Math.toIntExact(10 + wait.dividedBy(PAUSE_MAX) * 2);
    }

    /** From now on no call is made twice, because nothing will come back. */
    void end() {
        ended = true;
    }

    /** @param call may be made again while its {@link Trouble} passes */
    <T> T with(Callable<T> call) throws Exception {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            return retry.executeCallable(() -> {
                try {
                    return call.call();
                } catch (Exception failed) {
                    throw Trouble.of(failed).passes() && !ended && System.nanoTime() < deadline
                            ? failed
                            : new Over(failed);
                }
            });
        } catch (Over over) {
            throw over.getCause() instanceof Exception last ? last : over;
        }
    }
}
