package dev.handloom.harness.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a replay takes for granted.
 *
 * @param windowTokens of the model, 1,000 to 100,000,000
 * @param noteTokens   how long a summary or hand-over note is, 1 to 100,000
 * @param prices       of the model; null takes those that the recording shows, and where there are none, none
 */
public record Options(long windowTokens, int noteTokens, @Nullable Prices prices) {
    public static final long WINDOW_LEAST = 1_000;
    public static final long WINDOW_MOST = 100_000_000;
    public static final long WINDOW_USUAL = 200_000;
    public static final int NOTE_MOST = 100_000;
    public static final int NOTE_USUAL = 1_000;
    /** Shorter prompts are not cached, by the providers' own rules. */
    private static final int CACHE_LEAST = 1_024;
    private static final Duration CACHE_FOR = Duration.ofMinutes(5);

    int cacheLeastTokens() {
        return CACHE_LEAST;
    }

    Duration cacheFor() {
        return CACHE_FOR;
    }

    /** A note of that length (a word and its space are four fifths of a token) that mentions nothing. */
    String note() {
        return "note ".repeat(Math.max(1, noteTokens * 5 / 4));
    }
}
