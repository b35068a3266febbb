package dev.handloom.harness.agents;

import dev.handloom.kit.http.Problem;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long an agent's sessions are kept once they rest, from its metadata: days, or an ISO-8601 duration such as
 * {@code P30D}; 1 day to 10 years.
 */
final class Retention {
    static final String KEY = "handloom.retention";
    private static final Duration LEAST = Duration.ofDays(1);
    private static final Duration MOST = Duration.ofDays(3653);
    private static final Pattern DAYS = Pattern.compile("\\d{1,4}");

    private Retention() {}

    /** @throws Problem 400 when it says something else */
    static void check(Map<String, String> metadata) {
        var text = metadata.get(KEY);
        if (text != null && read(text) == null) {
            throw Problem.invalid("metadata." + KEY,
                    "must be days or an ISO-8601 duration such as P30D, 1 day to 10 years",
                    "invalid_metadata");
        }
    }

    /** Empty when there is none; also for what was stored before there was such a rule. */
    static Optional<Duration> of(Map<String, String> metadata) {
        return Optional.ofNullable(metadata.get(KEY)).map(Retention::read);
    }

    private static @Nullable Duration read(String text) {
        try {
            var kept = DAYS.matcher(text).matches() ? Duration.ofDays(Long.parseLong(text)) : Duration.parse(text);
            return kept.compareTo(LEAST) >= 0 && kept.compareTo(MOST) <= 0 ? kept : null;
        } catch (DateTimeParseException _) {
            return null;
        }
    }
}
