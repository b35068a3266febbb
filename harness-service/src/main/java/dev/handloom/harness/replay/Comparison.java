package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Recorded sessions under several strategies, side by side. */
public final class Comparison {
    public static final int STRATEGIES_MAX = 12;
    /** All requests of all sessions under all strategies together: half a minute or so. */
    public static final int CALLS_MAX = 200_000;

    private final List<Recording> recordings;
    private final Options options;
    private final List<Row> rows;

    /** One strategy over all sessions. */
    record Row(Policy policy, List<Outcome> outcomes) {
        long sum(ToLongFunction<Outcome> part) {
            return outcomes.stream().mapToLong(part).sum();
        }

        long peak() {
            return outcomes.stream().mapToLong(Outcome::peak).max().orElse(0);
        }

        /** Of the sessions whose prices are known; null where none is. */
        @Nullable
        Double usd() {
            double sum = 0;
            int priced = 0;
            for (var outcome : outcomes) {
                if (outcome.usd() != null) {
                    sum += outcome.usd();
                    priced++;
                }
            }
            return priced == 0 ? null : sum;
        }
    }

    private Comparison(List<Recording> recordings, Options options, List<Row> rows) {
        this.recordings = recordings;
        this.options = options;
        this.rows = rows;
    }

    /** How much work it would be, to be held against {@link #CALLS_MAX}. */
    public static long calls(List<Recording> recordings, List<Policy> policies) {
        return recordings.stream().mapToLong(recording -> recording.calls().size()).sum() * policies.size();
    }

    public static Comparison of(List<Recording> recordings, List<Policy> policies, Options options) {
        var outcomes = new ArrayList<List<Outcome>>();
        policies.forEach(_ -> outcomes.add(new ArrayList<>()));
        for (var recording : recordings) {
            var words = new Words();
            for (int i = 0; i < policies.size(); i++) {
                outcomes.get(i).add(new Replay(recording, policies.get(i), options, words).run());
            }
        }
        var rows = new ArrayList<Row>();
        for (int i = 0; i < policies.size(); i++) {
            rows.add(new Row(policies.get(i), outcomes.get(i)));
        }
        return new Comparison(recordings, options, rows);
    }

    List<Recording> recordings() {
        return recordings;
    }

    Options options() {
        return options;
    }

    List<Row> rows() {
        return rows;
    }

    public ObjectNode json() {
        return JsonReport.of(this);
    }

    public String markdown() {
        return MarkdownReport.of(this);
    }
}
