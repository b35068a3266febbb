package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.PolicyFields;
import dev.handloom.kit.http.ExactJson;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A comparison for programs. */
final class JsonReport {
    private static final double MICRO = 1_000;

    private JsonReport() {}

    static ObjectNode of(Comparison comparison) {
        var json = JsonMapper.shared().createObjectNode().put("mode", "view");
        json.put("window_tokens", comparison.options().windowTokens())
                .put("note_tokens", comparison.options().noteTokens());
        var accuracy = Accuracy.of(comparison.recordings());
        if (accuracy == null) {
            json.putNull("estimate");
        } else {
            json.putObject("estimate")
                    .put("billed_calls", accuracy.calls())
                    .put("error_mean_percent", accuracy.meanPercent())
                    .put("error_p95_percent", accuracy.p95Percent())
                    .put("error_of_sum_percent", accuracy.sumPercent())
                    .put("corrected_error_mean_percent", accuracy.meanCorrected())
                    .put("corrected_error_p95_percent", accuracy.p95Corrected())
                    .put("billed_input_tokens", accuracy.input())
                    .put("billed_cached_tokens", accuracy.cached());
        }
        var strategies = json.putArray("strategies");
        for (var row : comparison.rows()) {
            var strategy = strategies.addObject().put("strategy", row.policy().strategy());
            strategy.set("policy", ExactJson.read(PolicyFields.write(row.policy())));
            var sessions = strategy.putArray("sessions");
            row.outcomes().forEach(outcome -> session(sessions.addObject(), outcome));
        }
        return json;
    }

    private static void session(ObjectNode json, Outcome outcome) {
        json.put("id", outcome.session()).put("calls", outcome.inputs().size());
        json.put("input_tokens", outcome.input())
                .put("cache_read_tokens", outcome.read())
                .put("cache_written_tokens", outcome.written())
                .put("uncached_tokens", outcome.plain())
                .put("output_tokens", outcome.output())
                .put("peak_tokens", outcome.peak())
                .put("prefix_changes", outcome.prefixChanges())
                .put("notes", outcome.notes())
                .put("note_input_tokens", outcome.noteInputs())
                .put("needles", outcome.needles())
                .put("needles_kept", outcome.kept())
                .put("cpu_us_per_view", outcome.nanos() / MICRO / Math.max(1, outcome.inputs().size()));
        if (outcome.usd() == null) {
            json.putNull("list_cost_usd");
        } else {
            json.put("list_cost_usd", outcome.usd());
        }
        var inputs = json.putArray("input_tokens_per_call");
        outcome.inputs().forEach(inputs::add);
    }
}
