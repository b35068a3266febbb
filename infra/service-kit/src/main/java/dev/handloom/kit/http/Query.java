package dev.handloom.kit.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a request. Brackets may be encoded or not, and an empty value counts as absent
 * (contract/README.md §1.4). Never looks at the body, as a container's own parameters do.
 */
public final class Query {
    private static final int VALUE_CHARS_MAX = 4_096;
    private static final int VALUES_MAX = 1_000;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /** @param raw the query as it stands in the URL, or null */
    public Query(@Nullable String raw) {
        if (raw == null) {
            return;
        }
        int count = 0;
        for (var pair : raw.split("&", VALUES_MAX + 1)) {
            if (++count > VALUES_MAX) {
                throw Problem.invalid("the query may have at most " + VALUES_MAX + " parameters");
            }
            int equals = pair.indexOf('=');
            var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            if (!value.isEmpty()) {
                var name = decode(pair.substring(0, equals));
                CleanText.require(name, value);
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Problem.invalid("the query is not properly percent-encoded");
        }
    }

    /** The value of a parameter that may be given once; null when it is absent. */
    public @Nullable String one(String name) {
        var given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw Problem.invalid(name, "may be given only once");
        }
        if (given.isEmpty()) {
            return null;
        }
        if (given.getFirst().length() > VALUE_CHARS_MAX) {
            throw Problem.invalid(name, "may have at most " + VALUE_CHARS_MAX + " characters");
        }
        return given.getFirst();
    }

    /** All values of {@code name[]}, in order. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name + "[]", List.of()));
    }

    public boolean bool(String name, boolean otherwise) {
        return switch (one(name)) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            case String other -> throw Problem.invalid(name, "must be true or false, not \"" + other + "\"");
        };
    }

    /** @return a whole number from {@code min} to {@code max}; null when it is absent */
    public @Nullable Long integer(String name, long min, long max) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below, together with the limits.
        }
        throw Problem.invalid(name, max == Long.MAX_VALUE
                ? "must be a whole number of at least " + min
                : "must be a whole number from " + min + " to " + max);
    }

    /** @return a point in time; null when it is absent */
    public @Nullable Instant time(String name) {
        var text = one(name);
        if (text == null) {
            return null;
        }
        try {
            // A + that was not percent-encoded arrives as a space.
            return OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException _) {
            throw Problem.invalid(name, "must be a time such as 2026-03-15T10:00:00Z");
        }
    }

    /** The bounds {@code name[gt]}, {@code [gte]}, {@code [lt]} and {@code [lte]}. */
    public TimeRange times(String name) {
        return new TimeRange(name, time(name + "[gt]"), time(name + "[gte]"), time(name + "[lt]"),
                time(name + "[lte]"));
    }

    /** Bounds on a time; those that are null do not bind. */
    public record TimeRange(
            String name,
            @Nullable Instant after,
            @Nullable Instant from,
            @Nullable Instant before,
            @Nullable Instant upTo
    ) {
        /** For a list that is not asked for its times. */
        public static final TimeRange ALL = new TimeRange("", null, null, null, null);

        public boolean unbounded() {
            return after == null && from == null && before == null && upTo == null;
        }

        public boolean contains(Instant at) {
            return (after == null || at.isAfter(after)) && (from == null || !at.isBefore(from))
                    && (before == null || at.isBefore(before)) && (upTo == null || !at.isAfter(upTo));
        }
    }
}
