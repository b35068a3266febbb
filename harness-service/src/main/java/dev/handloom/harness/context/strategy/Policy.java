package dev.handloom.harness.context.strategy;

/**
 * How an agent wants its context kept, as its metadata key {@code handloom.context} says it ({@link PolicyFields} reads
 * and bounds the fields). Tokens are estimates ({@link TokenEstimate}), corrected by what the last request really took.
 */
public sealed interface Policy {
    /** Nothing is cut before three quarters of the model's window are full; then the model sums up. */
    Policy USUAL = new Compaction(75, 2);

    /** As the metadata names it. */
    String strategy();

    /** Everything, always. */
    record Full() implements Policy {
        @Override
        public String strategy() {
            return "full";
        }
    }

    /**
     * The newest turns; a turn is one answer of the model with what it was answered.
     *
     * @param turnsMax    1 to 10,000
     * @param tokensMax   of the whole request, 1,000 to 10,000,000
     * @param keepFirst   whether the first user message, most often the task, stays in view
     * @param freePercent how much of the limits is free after the window has moved, 0 to 90: at 0 it moves at each
     *                    request, and no cache ever holds
     */
    record SlidingWindow(int turnsMax, long tokensMax, boolean keepFirst, int freePercent) implements Policy {
        @Override
        public String strategy() {
            return "sliding-window";
        }
    }

    /**
     * All messages, but old tool results are emptied.
     *
     * @param thresholdTokens    of the whole request, from which on results are cleared, 1,000 to 10,000,000
     * @param keepResults        how many messages with results stay whole, the newest, 1 to 1,000
     * @param clearAtLeastTokens nothing is cleared for less than this, because clearing breaks the cache; 0 to 10,000,000
     */
    record ClearToolResults(long thresholdTokens, int keepResults, long clearAtLeastTokens) implements Policy {
        @Override
        public String strategy() {
            return "clear-tool-results";
        }
    }

    /**
     * When the request fills this share of the model's window, the model sums up what lies before the newest turns.
     *
     * @param atPercent 10 to 95
     * @param keepTurns how many turns stay verbatim, 1 to 100
     */
    record Compaction(int atPercent, int keepTurns) implements Policy {
        @Override
        public String strategy() {
            return "compaction";
        }
    }

    /** When the request fills this share of the model's window, the model writes a note and starts afresh with it. */
    record ResetWithHandover(int atPercent) implements Policy {
        @Override
        public String strategy() {
            return "reset-with-handover";
        }
    }

    /** Clears tool results; when that no longer suffices, compacts. */
    record Hybrid(ClearToolResults clear, Compaction compaction) implements Policy {
        @Override
        public String strategy() {
            return "hybrid";
        }
    }
}
