package dev.handloom.harness.model;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which model answers, and how long we wait for it. With neither a key nor a server of one's own, the rehearsal model
 * answers.
 *
 * @param baseUrl            {@code ANTHROPIC_BASE_URL}: any server that speaks the Messages API; may lack a key
 * @param apiKey             {@code ANTHROPIC_API_KEY}; sent as {@code x-api-key}
 * @param authToken          {@code ANTHROPIC_AUTH_TOKEN}; sent as a bearer token
 * @param maxTokens          the most tokens one answer may have, 1 to 1,000,000
 * @param connectTimeout     100 ms to 5 min
 * @param idleTimeout        the longest silence inside an answer, and before it, 1 s to 1 h
 * @param answerWithin       the longest time one answer may take in all, 1 s to 24 h
 * @param answerMax          the most bytes of one answer's stream, 1 KB to 1 GB
 * @param concurrentRequests how many requests may be under way at once, 1 to 10,000; others wait their turn
 * @param queueWait          how long a request waits for its turn, 1 s to 1 h
 * @param rehearsal          a script file for the rehearsal model; absent, the built-in one
 * @param cacheMarks         whether requests say where the server's prompt cache may keep their beginning
 */
@ConfigurationProperties("handloom.model")
public record ModelSettings(
        @Nullable String baseUrl,
        @Nullable String apiKey,
        @Nullable String authToken,
        @DefaultValue("32000") int maxTokens,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("5m") Duration idleTimeout,
        @DefaultValue("1h") Duration answerWithin,
        @DefaultValue("64MB") DataSize answerMax,
        @DefaultValue("256") int concurrentRequests,
        @DefaultValue("10m") Duration queueWait,
        @Nullable String rehearsal,
        @DefaultValue("true") boolean cacheMarks
) {
    private static final String ANTHROPIC = "https://api.anthropic.com";
    private static final int TOKENS_MOST = 1_000_000;
    private static final int REQUESTS_MOST = 10_000;

    public ModelSettings {
        require(maxTokens >= 1 && maxTokens <= TOKENS_MOST, "max-tokens must be 1 to 1000000");
        require(within(connectTimeout, Duration.ofMillis(100), Duration.ofMinutes(5)),
                "connect-timeout must be 100ms to 5m");
        require(within(idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1)), "idle-timeout must be 1s to 1h");
        require(within(answerWithin, Duration.ofSeconds(1), Duration.ofDays(1)), "answer-within must be 1s to 24h");
        require(within(queueWait, Duration.ofSeconds(1), Duration.ofHours(1)), "queue-wait must be 1s to 1h");
        require(answerMax.toBytes() >= 1 << 10 && answerMax.toBytes() <= 1 << 30, "answer-max must be 1KB to 1GB");
        require(concurrentRequests >= 1 && concurrentRequests <= REQUESTS_MOST,
                "concurrent-requests must be 1 to 10000");
        baseUrl = blankIsNull(baseUrl);
        apiKey = blankIsNull(apiKey);
        authToken = blankIsNull(authToken);
        rehearsal = blankIsNull(rehearsal);
        require(baseUrl == null || baseUrl.matches("https?://[^\\s?#]+"),
                "base-url must be an http or https URL without query: " + baseUrl);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("handloom.model." + otherwise);
        }
    }

    private static boolean within(Duration value, Duration least, Duration most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static @Nullable String blankIsNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    /** Whether there is anyone to ask. */
    boolean connected() {
        return apiKey != null || authToken != null || baseUrl != null;
    }

    /** Without a slash at the end. */
    String base() {
        var base = baseUrl == null ? ANTHROPIC : baseUrl;
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }

    URI uri(String path) {
        return URI.create(base() + path);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "ModelSettings[" + (connected() ? base() : "rehearsal") + "]";
    }
}
