package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.PolicyFields;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A comparison for people. */
final class MarkdownReport {
    private static final double MICRO = 1_000;
    private static final double HUNDRED = 100;

    private final Comparison comparison;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Comparison comparison) {
        this.comparison = comparison;
    }

    static String of(Comparison comparison) {
        return new MarkdownReport(comparison).write();
    }

    private String write() {
        var recordings = comparison.recordings();
        line(String.format(Locale.ROOT,
                "%d sessions, %d model requests; a model's window of %,d tokens; notes of %,d tokens.",
                recordings.size(),
                recordings.stream().mapToInt(recording -> recording.calls().size()).sum(),
                comparison.options().windowTokens(), comparison.options().noteTokens()));
        line("");
        totals();
        line("");
        for (var row : comparison.rows()) {
            line(String.format(Locale.ROOT, "- %s: `%s`", row.policy().strategy(),
                    PolicyFields.write(row.policy()).text()));
        }
        prices();
        accuracy();
        sessions();
        return text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void totals() {
        line("| strategy | input tokens | cache read | cache written | list cost | peak request | prefix changes | notes "
                + "| needles kept | CPU per view |");
        line("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        for (var row : comparison.rows()) {
            long input = row.sum(Outcome::input);
            long calls = row.sum(outcome -> outcome.inputs().size());
            line(String.format(Locale.ROOT, "| %s | %,d | %s | %,d | %s | %,d | %d | %d | %s | %.0f µs |",
                    row.policy().strategy(), input,
                    percent(row.sum(Outcome::read), input), row.sum(Outcome::written), usd(row.usd()), row.peak(),
                    row.sum(Outcome::prefixChanges), row.sum(Outcome::notes),
                    percent(row.sum(Outcome::kept), row.sum(Outcome::needles)),
                    row.sum(Outcome::nanos) / MICRO / Math.max(1, calls)));
        }
    }

    private void prices() {
        line("");
        if (comparison.options().prices() != null) {
            line(String.format(Locale.ROOT, "List cost at the prices given, in dollars for a million tokens: %s.",
                    comparison.options().prices()));
            return;
        }
        var found = comparison.recordings().stream().map(Recording::prices).filter(Objects::nonNull).toList();
        line(found.isEmpty()
                ? "No prices were given, and the recordings show none."
                : "List cost of the " + found.size()
                        + " sessions whose bills show their prices, in dollars for a million "
                        + "tokens: "
                        + found.stream().distinct().map(Prices::toString).collect(Collectors.joining(", ")) + ".");
    }

    private void accuracy() {
        var accuracy = Accuracy.of(comparison.recordings());
        line("");
        if (accuracy == null) {
            line("No usage was recorded: tokens are estimates that nothing has corrected.");
            return;
        }
        line(String.format(Locale.ROOT,
                "Estimates against the %,d billed tokens of %,d requests: mean error %.1f %%, 95th percentile %.1f %%, error "
                        + "of the sum %+.1f %%; corrected by the request before: mean %.1f %%, 95th percentile %.1f %%. The "
                        + "provider's own cache, which keeps by other rules, read %s.",
                accuracy.input(), accuracy.calls(), accuracy.meanPercent(), accuracy.p95Percent(),
                accuracy.sumPercent(), accuracy.meanCorrected(), accuracy.p95Corrected(),
                percent(accuracy.cached(), accuracy.input())));
    }

    private void sessions() {
        line("");
        var head = new StringBuilder("| session | requests |");
        var rule = new StringBuilder("| --- | ---: |");
        for (var row : comparison.rows()) {
            head.append(' ').append(row.policy().strategy()).append(" |");
            rule.append(" ---: |");
        }
        line("Each session: peak request in tokens, list cost, needles kept.");
        line("");
        line(head.toString());
        line(rule.toString());
        for (int i = 0; i < comparison.recordings().size(); i++) {
            var recording = comparison.recordings().get(i);
            var cells = new StringBuilder();
            for (var row : comparison.rows()) {
                var outcome = row.outcomes().get(i);
                cells.append(String.format(Locale.ROOT, " %,d, %s, %s |", outcome.peak(), usd(outcome.usd()),
                        percent(outcome.kept(), outcome.needles())));
            }
            text.append("| ")
                    .append(recording.id().replace("|", "\\|").replace('\n', ' '))
                    .append(" | ")
                    .append(recording.calls().size())
                    .append(" |")
                    .append(cells)
                    .append('\n');
        }
    }

    private static String percent(long part, long whole) {
        return whole == 0 ? "–" : String.format(Locale.ROOT, "%.1f %%", part * HUNDRED / whole);
    }

    private static String usd(@Nullable Double usd) {
        return usd == null ? "–" : String.format(Locale.ROOT, "$%.3f", usd);
    }
}
