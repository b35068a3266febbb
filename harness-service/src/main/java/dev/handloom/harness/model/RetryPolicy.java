package dev.handloom.harness.model;

import dev.handloom.api.session.SessionCommand.Verdict;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** What becomes of a failed request: asked again after a growing wait, five times at most, or given up. */
@Component
public class RetryPolicy {
    static final int ATTEMPTS_MAX = 5;
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    /** A server may ask for more patience than we would have; beyond this we do not wait for it. */
    private static final Duration ASKED_MAX = Duration.ofMinutes(2);
    private static final double FACTOR = 2.0;
    private static final double JITTER = 0.25;

    private final IntervalFunction waits = IntervalFunction.ofExponentialRandomBackoff(
            FIRST_WAIT, FACTOR, JITTER, WAIT_MAX);

    /** @param error the {@code error.type} of the {@code session.error} (contract/events.md §4.2) */
    public record Outcome(String error, Verdict verdict) {}

    /** @param attempt which one failed, from 1 */
    public Outcome after(Model.Failed failed, int attempt) {
        return switch (failed.kind()) {
            case RATE_LIMITED -> new Outcome("model_rate_limited_error", again(failed, attempt));
            case OVERLOADED -> new Outcome("model_overloaded_error", again(failed, attempt));
            case UNAVAILABLE -> new Outcome("model_request_failed_error", again(failed, attempt));
            case REJECTED, UNAUTHORIZED -> new Outcome("model_request_failed_error", new Verdict.GiveUp());
            case BILLING -> new Outcome("billing_error", new Verdict.GiveUp());
            case UNKNOWN -> new Outcome("unknown_error", again(failed, attempt));
        };
    }

    private Verdict again(Model.Failed failed, int attempt) {
        var asked = failed.retryAfter();
        if (attempt >= ATTEMPTS_MAX || (asked != null && asked.compareTo(ASKED_MAX) > 0)) {
            return new Verdict.GiveUp();
        }
        return new Verdict.Retry(asked != null ? asked : Duration.ofMillis(waits.apply(attempt)));
    }
}
