package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import java.util.List;

/** Shows the newest turns. The window moves in steps, so that the prefix stays the same for a while. */
record Sliding(Policy.SlidingWindow policy) implements ContextStrategy {
    private static final int WHOLE = 100;

    @Override
    public View view(Past past) {
        var lines = past.lines();
        long[] tokens = new long[lines.size() + 1];
        int[] answers = new int[lines.size() + 1];
        for (int i = 0; i < lines.size(); i++) {
            tokens[i + 1] = tokens[i] + lines.get(i).tokens();
            answers[i + 1] = answers[i] + (isAnswer(lines.get(i)) ? 1 : 0);
        }
        var walk = new Walk(past, tokens, answers, kept(lines));
        past.asked().forEach(walk::ask);
        if (walk.start == 0) {
            return new Frame(past).view();
        }
        return new Frame(past).startAt(walk.start, walk.moved,
                "[" + walk.start + " earlier messages are not shown]", kept(lines), View.What.LEFT_OUT, why()).view();
    }

    private List<Json> kept(List<Line> lines) {
        return policy.keepFirst() && !lines.isEmpty() ? lines.getFirst().words() : List.of();
    }

    private String why() {
        return "the window holds " + policy.turnsMax() + " turns and " + policy.tokensMax() + " tokens";
    }

    private static boolean isAnswer(Line line) {
        return line.role().equals("assistant");
    }

    /** Goes through the requests and moves the window whenever it is full. */
    private final class Walk {
        private final Past past;
        private final long[] tokens;
        private final int[] answers;
        private final long headTokens;
        private int start;
        private boolean moved;

        Walk(Past past, long[] tokens, int[] answers, List<Json> kept) {
            this.past = past;
            this.tokens = tokens;
            this.answers = answers;
            this.headTokens = kept.stream().mapToLong(block -> TokenEstimate.of(block.text())).sum();
        }

        void ask(Past.Asked asked) {
            moved = false;
            if (fits(start, asked, 0)) {
                return;
            }
            int last = start;
            for (int i = start + 1; i < asked.lines(); i++) {
                if (isAnswer(past.lines().get(i))) {
                    last = i;
                    if (fits(i, asked, policy.freePercent())) {
                        break;
                    }
                }
            }
            moved = last > start;
            start = last;
        }

        private boolean fits(int from, Past.Asked asked, int freePercent) {
            long turns = Math.max(1, (long) policy.turnsMax() * (WHOLE - freePercent) / WHOLE);
            double most = policy.tokensMax() * (double) (WHOLE - freePercent) / WHOLE;
            long all = past.prelude().counts().total() + (from > 0 ? headTokens : 0) + tokens[asked.lines()]
                    - tokens[from];
            return answers[asked.lines()] - answers[from] <= turns && all * asked.correction() <= most;
        }
    }
}
