package dev.handloom.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.harness.context.Validity;
import dev.handloom.harness.context.strategy.ContextStrategy;
import dev.handloom.harness.context.strategy.Past;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every prefix of real sessions under every strategy. */
class RealSessionsTest {
    private static final long WINDOW = 32_000;

    @Test
    void every_view_of_every_prefix_of_real_coding_sessions_is_valid() {
        var sessions = Traces.software();
        assertThat(sessions).hasSize(24);
        sessions.forEach(RealSessionsTest::everyViewIsValid);
    }

    @Test
    void every_view_of_every_prefix_of_real_service_sessions_is_valid() {
        var sessions = Traces.airline();
        assertThat(sessions).hasSize(50);
        sessions.forEach(RealSessionsTest::everyViewIsValid);
    }

    private static void everyViewIsValid(Recording session) {
        for (var name : Suggested.NAMES) {
            var strategy = ContextStrategy.of(Suggested.of(name, WINDOW));
            var asked = new ArrayList<Past.Asked>();
            var notes = new ArrayList<Past.Note>();
            for (var call : session.calls()) {
                asked.add(new Past.Asked(call.lines(), 1));
                var view = strategy.view(past(session, call, asked, notes));
                var due = view.due();
                if (due != null) {
                    Validity.assertValid(due.asking());
                    notes.add(new Past.Note(due.kind(), due.lines(), asked.size(), "a note"));
                    view = strategy.view(past(session, call, asked, notes));
                }
                Validity.assertValid(view.messages());
            }
        }
    }

    private static Past past(
            Recording session,
            Recording.Call call,
            List<Past.Asked> asked,
            List<Past.Note> notes
    ) {
        return new Past(session.prelude(), session.lines().subList(0, call.lines()), asked, notes, 0, WINDOW);
    }

    /** docs/CONTEXT.md states these errors. */
    @Test
    void estimates_agree_with_what_was_billed() {
        var accuracy = Objects.requireNonNull(Accuracy.of(Traces.software()));

        assertThat(accuracy.calls()).isEqualTo(1425);
        assertThat(accuracy.meanPercent()).isLessThan(4);
        assertThat(Math.abs(accuracy.sumPercent())).isLessThan(3);
        assertThat(accuracy.meanCorrected()).isLessThan(1);
        assertThat(accuracy.p95Corrected()).isLessThan(3);
    }

    @Test
    void the_prices_behind_the_bills_are_found() {
        var prices = Traces.software().stream().map(Recording::prices).filter(Objects::nonNull).toList();
        assertThat(prices).as("one session has no bills").hasSize(23).containsOnly(new Prices(2, 0.2, 2, 12));
        assertThat(Traces.airline()).extracting(Recording::prices).containsOnlyNulls();
    }

    @Test
    void full_keeps_every_needle_and_never_changes_its_prefix_and_the_others_cost_less_input() {
        var comparison = Comparison.of(Traces.software(), Suggested.NAMES.stream()
                .map(name -> Suggested.of(name, WINDOW))
                .toList(), new Options(WINDOW, 1_000, null));
        var full = comparison.rows().getFirst();

        assertThat(full.sum(Outcome::kept)).isEqualTo(full.sum(Outcome::needles)).isPositive();
        assertThat(full.sum(Outcome::prefixChanges)).isZero();
        for (var row : comparison.rows().subList(1, comparison.rows().size())) {
            assertThat(row.sum(Outcome::input)).as("%s", row.policy()).isLessThan(full.sum(Outcome::input));
            assertThat(row.sum(Outcome::kept)).as("%s", row.policy()).isLessThan(full.sum(Outcome::kept));
            assertThat(row.sum(Outcome::prefixChanges)).as("%s", row.policy()).isPositive();
        }
    }
}
