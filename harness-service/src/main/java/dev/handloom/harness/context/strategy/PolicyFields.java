package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import dev.handloom.harness.context.strategy.Policy.ClearToolResults;
import dev.handloom.harness.context.strategy.Policy.Compaction;
import dev.handloom.harness.context.strategy.Policy.Full;
import dev.handloom.harness.context.strategy.Policy.Hybrid;
import dev.handloom.harness.context.strategy.Policy.ResetWithHandover;
import dev.handloom.harness.context.strategy.Policy.SlidingWindow;
import dev.handloom.kit.http.ApiSettings.UnknownFields;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Policies as JSON: {@code {"strategy":"sliding-window","turns_max":40}}. What is left out has its default. */
public final class PolicyFields {
    public static final String METADATA_KEY = "handloom.context";
    private static final int TURNS_MOST = 10_000;
    private static final int TURNS_USUAL = 40;
    private static final long TOKENS_LEAST = 1_000;
    private static final long TOKENS_MOST = 10_000_000;
    private static final int FREE_PERCENT_MOST = 90;
    private static final int FREE_PERCENT_USUAL = 25;
    private static final int RESULTS_MOST = 1_000;
    private static final int RESULTS_USUAL = 3;
    private static final long THRESHOLD_USUAL = 100_000;
    private static final long CLEAR_AT_LEAST_USUAL = 20_000;
    private static final int AT_PERCENT_LEAST = 10;
    private static final int AT_PERCENT_MOST = 95;
    private static final int AT_PERCENT_USUAL = 75;
    private static final int KEEP_TURNS_MOST = 100;
    private static final int KEEP_TURNS_USUAL = 2;
    private static final String STRATEGY = "strategy";

    private final Fields fields;

    private PolicyFields(Fields fields) {
        this.fields = fields;
    }

    /**
     * @param path where the text stands in the request, for complaints
     * @throws Problem 400, naming the field, for what is no policy; unknown names and fields are refused
     */
    public static Policy read(String path, String text) {
        try {
            return read(path, JsonMapper.shared().readTree(text));
        } catch (JacksonException _) {
            throw Problem.invalid(path, "is not JSON");
        }
    }

    /** As {@link #read(String, String)}. */
    public static Policy read(String path, JsonNode json) {
        if (!json.isObject()) {
            throw Problem.invalid(path, "must be a JSON object with a strategy");
        }
        return new PolicyFields(new Fields(path, json, UnknownFields.REFUSE)).policy();
    }

    private Policy policy() {
        return switch (fields.requireOneOf(STRATEGY, "full", "sliding-window", "clear-tool-results", "compaction",
                "reset-with-handover", "hybrid")) {
            case "sliding-window" -> {
                fields.only(STRATEGY, "turns_max", "tokens_max", "keep_first", "free_percent");
                boolean byTokens = fields.hasValue("tokens_max");
                yield new SlidingWindow((int) number("turns_max", 1, TURNS_MOST, byTokens ? TURNS_MOST : TURNS_USUAL),
                        number("tokens_max", TOKENS_LEAST, TOKENS_MOST, TOKENS_MOST), fields.bool("keep_first", true),
                        (int) number("free_percent", 0, FREE_PERCENT_MOST, FREE_PERCENT_USUAL));
            }
            case "clear-tool-results" -> {
                fields.only(STRATEGY, "threshold_tokens", "keep_results", "clear_at_least_tokens");
                yield clear();
            }
            case "compaction" -> {
                fields.only(STRATEGY, "at_percent", "keep_turns");
                yield compaction();
            }
            case "reset-with-handover" -> {
                fields.only(STRATEGY, "at_percent");
                yield new ResetWithHandover(compaction().atPercent());
            }
            case "hybrid" -> {
                fields.only(STRATEGY, "threshold_tokens", "keep_results", "clear_at_least_tokens", "at_percent",
                        "keep_turns");
                yield new Hybrid(clear(), compaction());
            }
            default -> {
                fields.only(STRATEGY);
                yield new Full();
            }
        };
    }

    private ClearToolResults clear() {
        return new ClearToolResults(number("threshold_tokens", TOKENS_LEAST, TOKENS_MOST, THRESHOLD_USUAL),
                (int) number("keep_results", 1, RESULTS_MOST, RESULTS_USUAL),
                number("clear_at_least_tokens", 0, TOKENS_MOST, CLEAR_AT_LEAST_USUAL));
    }

    private Compaction compaction() {
        return new Compaction((int) number("at_percent", AT_PERCENT_LEAST, AT_PERCENT_MOST, AT_PERCENT_USUAL),
                (int) number("keep_turns", 1, KEEP_TURNS_MOST, KEEP_TURNS_USUAL));
    }

    private long number(String name, long min, long max, long otherwise) {
        var given = fields.optionalInteger(name, min, max);
        return given == null ? otherwise : given;
    }

    /** With every field, defaults too, so that it means the same when the defaults have changed. */
    public static Json write(Policy policy) {
        var json = JsonMapper.shared().createObjectNode().put(STRATEGY, policy.strategy());
        switch (policy) {
            case Full() -> {}
            case SlidingWindow(var turns, var tokens, var keepFirst, var free) -> json.put("turns_max", turns)
                    .put("tokens_max", tokens)
                    .put("keep_first", keepFirst)
                    .put("free_percent", free);
            case ClearToolResults clear -> put(json, clear);
            case Compaction compaction -> put(json, compaction);
            case ResetWithHandover(var at) -> json.put("at_percent", at);
            case Hybrid(var clear, var compaction) -> {
                put(json, clear);
                put(json, compaction);
            }
        }
        return new Json(json.toString());
    }

    private static void put(ObjectNode json, ClearToolResults clear) {
        json.put("threshold_tokens", clear.thresholdTokens())
                .put("keep_results", clear.keepResults())
                .put("clear_at_least_tokens", clear.clearAtLeastTokens());
    }

    private static void put(ObjectNode json, Compaction compaction) {
        json.put("at_percent", compaction.atPercent()).put("keep_turns", compaction.keepTurns());
    }
}
