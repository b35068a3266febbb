package dev.handloom.api.session;

/** Tokens of one model request, or the sum over several. Counts, never negative. */
public record Tokens(long input, long output, long cacheWritten5m, long cacheWritten1h, long cacheRead) {
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

    public Tokens plus(Tokens other) {
        return new Tokens(
                input + other.input,
                output + other.output,
                cacheWritten5m + other.cacheWritten5m,
                cacheWritten1h + other.cacheWritten1h,
                cacheRead + other.cacheRead);
    }
}
