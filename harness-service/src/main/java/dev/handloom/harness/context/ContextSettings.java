package dev.handloom.harness.context;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much models can be given.
 *
 * @param windows      a properties file of models and their windows in tokens; absent, only the built-in ones are known
 * @param windowTokens of models that no file names, 1,000 to 100,000,000
 */
@ConfigurationProperties("handloom.context")
public record ContextSettings(@Nullable String windows, @DefaultValue("200000") long windowTokens) {
    private static final long TOKENS_LEAST = 1_000;
    private static final long TOKENS_MOST = 100_000_000;

    public ContextSettings {
        windows = windows == null || windows.isBlank() ? null : windows.strip();
        if (windowTokens < TOKENS_LEAST || windowTokens > TOKENS_MOST) {
            throw new IllegalArgumentException("handloom.context.window-tokens must be 1000 to 100000000");
        }
    }
}
