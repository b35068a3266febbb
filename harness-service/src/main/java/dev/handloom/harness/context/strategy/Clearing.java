package dev.handloom.harness.context.strategy;

import java.util.List;

/** Empties old tool results, many at once, so that the prefix changes seldom. */
record Clearing(Policy.ClearToolResults policy) implements ContextStrategy {
    @Override
    public View view(Past past) {
        return apply(new Frame(past), past, List.of()).view();
    }

    /** @param notes those that the view begins with */
    Frame apply(Frame frame, Past past, List<Past.Note> notes) {
        var walk = new Walk(past.lines(), past.prelude().counts().total());
        int made = 0;
        int before = 0;
        for (int i = 0; i < past.asked().size(); i++) {
            before = walk.cleared;
            for (; made < notes.size() && notes.get(made).asked() <= i + 1; made++) {
                walk.startAt(notes.get(made));
            }
            walk.ask(past.asked().get(i));
        }
        return frame.clear(walk.cleared, before, "the request had more than " + policy.thresholdTokens() + " tokens");
    }

    /** Goes through the requests, with running sums: each line is met a few times at most. */
    private final class Walk {
        private final List<Line> lines;
        private long total;
        private int read;
        private int start;
        private int cleared;
        /** Results before this line may be emptied. */
        private int mayClear;

        private int resultsKept;
        private long noteTokens;
        private long gain;

        Walk(List<Line> lines, long prelude) {
            this.lines = lines;
            this.total = prelude;
        }

        void startAt(Past.Note note) {
            for (; read < note.lines(); read++) {
                read(lines.get(read));
            }
            for (int i = start; i < note.lines(); i++) {
                total -= i < cleared ? lines.get(i).cleared().tokens() : lines.get(i).tokens();
            }
            total += TokenEstimate.of(note.text()) - noteTokens;
            noteTokens = TokenEstimate.of(note.text());
            start = note.lines();
            cleared = Math.max(cleared, start);
            advance();
            gain = 0;
            for (int i = cleared; i < mayClear; i++) {
                gain += gain(lines.get(i));
            }
        }

        void ask(Past.Asked asked) {
            for (; read < asked.lines(); read++) {
                read(lines.get(read));
            }
            advance();
            if (total * asked.correction() > policy.thresholdTokens() && gain > 0
                    && gain * asked.correction() >= policy.clearAtLeastTokens()) {
                total -= gain;
                gain = 0;
                cleared = mayClear;
            }
        }

        private void read(Line line) {
            total += line.tokens();
            resultsKept += line.hasResults() ? 1 : 0;
        }

        private void advance() {
            while (mayClear < read && (mayClear < start || resultsKept > policy.keepResults())) {
                var line = lines.get(mayClear);
                resultsKept -= line.hasResults() ? 1 : 0;
                mayClear++;
                gain += gain(line);
            }
        }

        private static long gain(Line line) {
            return line.tokens() - line.cleared().tokens();
        }
    }
}
