package dev.handloom.harness.model;

import dev.handloom.api.session.Tokens;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The counts of one request. Each report repeats the totals so far; a count that is left out has not changed. */
final class Usage {
    private long input;
    private long output;
    private long cacheWritten;
    private long cacheWritten1h;
    private long cacheRead;
    private @Nullable String speed;

    void add(JsonNode usage) {
        input = newer(usage.path("input_tokens"), input);
        output = newer(usage.path("output_tokens"), output);
        cacheWritten = newer(usage.path("cache_creation_input_tokens"), cacheWritten);
        cacheWritten1h = newer(usage.path("cache_creation").path("ephemeral_1h_input_tokens"), cacheWritten1h);
        cacheRead = newer(usage.path("cache_read_input_tokens"), cacheRead);
        if (usage.path("speed").isString()) {
            speed = usage.path("speed").asString();
        }
    }

    private static long newer(JsonNode count, long known) {
        return count.canConvertToLong() && count.asLong() >= 0 ? count.asLong() : known;
    }

    @Nullable
    String speed() {
        return speed;
    }

    Tokens tokens() {
        return new Tokens(input, output, Math.max(0, cacheWritten - cacheWritten1h), cacheWritten1h, cacheRead);
    }
}
