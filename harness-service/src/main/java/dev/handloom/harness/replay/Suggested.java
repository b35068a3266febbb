package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.Policy;
import java.util.List;

/** Each strategy with numbers that suit a window: what is compared when only names are given. */
public final class Suggested {
    public static final List<String> NAMES = List.of("full", "sliding-window", "clear-tool-results", "compaction",
            "reset-with-handover", "hybrid");
    private static final int AT_PERCENT = 75;
    private static final int KEEP_RESULTS = 3;
    private static final int TURNS_MOST = 10_000;
    private static final int FREE_PERCENT = 25;
    private static final long LEAST = 1_000;

    private Suggested() {}

    /** @param name one of {@link #NAMES} */
    public static Policy of(String name, long windowTokens) {
        return switch (name) {
            case "full" -> new Policy.Full();
            case "sliding-window" -> new Policy.SlidingWindow(TURNS_MOST, Math.max(LEAST, windowTokens / 2), true,
                    FREE_PERCENT);
            case "clear-tool-results" -> clear(windowTokens);
            case "compaction" -> Policy.USUAL;
            case "reset-with-handover" -> new Policy.ResetWithHandover(AT_PERCENT);
            case "hybrid" -> new Policy.Hybrid(clear(windowTokens), new Policy.Compaction(AT_PERCENT, 2));
            default -> throw new IllegalArgumentException("no strategy is called " + name);
        };
    }

    private static Policy.ClearToolResults clear(long windowTokens) {
        return new Policy.ClearToolResults(Math.max(LEAST, windowTokens * 2 / 5), KEEP_RESULTS, windowTokens / 10);
    }
}
