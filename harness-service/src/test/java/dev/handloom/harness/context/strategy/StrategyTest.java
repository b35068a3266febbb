package dev.handloom.harness.context.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What each strategy shows. */
class StrategyTest {
    private static final String LONG = "x".repeat(5_000);

    private final Chat chat = new Chat(8_000);

    private View view(Policy policy) {
        return ContextStrategy.of(policy).view(chat.past());
    }

    private View.Due due(Policy policy) {
        return Objects.requireNonNull(view(policy).due());
    }

    private static List<String> texts(View view) {
        return view.messages()
                .stream()
                .map(message -> message.role() + message.content().stream().map(Json::text).toList())
                .toList();
    }

    @Test
    void a_window_keeps_the_first_words_and_the_newest_turns() {
        chat.says("task").call("r1").call("r2").call("r3").ask();

        var view = view(new Policy.SlidingWindow(2, 10_000_000, true, 0));

        assertThat(texts(view)).first().asString().contains("3 earlier messages", "task");
        assertThat(texts(view)).hasSize(5).doesNotContain("r1").last().asString().contains("r3");
        assertThat(view.cuts()).singleElement().satisfies(cut -> {
            assertThat(cut.what()).isEqualTo(View.What.LEFT_OUT);
            assertThat(cut.from()).isEqualTo(1);
            assertThat(cut.to()).isEqualTo(3);
        });
    }

    @Test
    void a_window_may_forget_the_first_words() {
        chat.says("task").call("r1").call("r2").call("r3").ask();

        assertThat(texts(view(new Policy.SlidingWindow(1, 10_000_000, false, 0))).toString()).doesNotContain("task")
                .contains("not shown");
    }

    @Test
    void a_window_moves_in_steps_and_stands_in_between() {
        chat.says("task");
        var policy = new Policy.SlidingWindow(8, 10_000_000, true, 50);
        int moves = 0;
        for (int i = 0; i < 40; i++) {
            chat.call("r" + i);
            chat.ask();
            moves += view(policy).stable() == 0 ? 1 : 0;
        }

        assertThat(moves).isBetween(6, 10);
    }

    @Test
    void old_results_are_emptied_once_it_pays() {
        chat.says("task").call(LONG).call(LONG).call(LONG).ask();

        var idle = view(new Policy.ClearToolResults(10_000, 1, 0));
        var tooLittle = view(new Policy.ClearToolResults(1_000, 1, 5_000));
        var done = view(new Policy.ClearToolResults(1_000, 1, 500));

        assertThat(idle.cuts()).isEmpty();
        assertThat(tooLittle.cuts()).isEmpty();
        assertThat(texts(done)).hasSize(7);
        assertThat(texts(done).get(2)).contains("\"tool_use_id\":\"t1\"", "cleared").doesNotContain("xxx");
        assertThat(texts(done).get(4)).doesNotContain("xxx");
        assertThat(texts(done).get(6)).contains(LONG);
        assertThat(done.counts().results()).isLessThan(idle.counts().results() / 2);
    }

    @Test
    void nothing_is_summed_up_before_the_window_fills() {
        chat.says("task").call(LONG).ask();

        assertThat(view(Policy.USUAL).due()).isNull();
    }

    @Test
    void a_summary_stands_for_all_but_the_newest_turns() {
        chat.says("task").call(LONG).call(LONG).call(LONG).call(LONG).call(LONG).call(LONG).call("r7").call("r8").ask();
        var policy = new Policy.Compaction(60, 2);

        var due = due(policy);
        assertThat(due.from()).isEqualTo(1);
        assertThat(due.to()).isEqualTo(13);
        assertThat(due.asking().getLast().content().getLast().text()).contains("Sum up everything");
        chat.note(due, "the gist");

        var view = view(policy);
        assertThat(texts(view)).hasSize(5);
        assertThat(texts(view).getFirst()).contains("the gist");
        assertThat(view.due()).isNull();
        assertThat(view.cuts()).singleElement().extracting(View.Cut::what).isEqualTo(View.What.SUMMARISED);
    }

    @Test
    void after_a_summary_that_failed_a_few_requests_are_made_with_the_old_view() {
        chat.says("task");
        for (int i = 0; i < 7; i++) {
            chat.call(LONG);
        }
        chat.ask();
        assertThat(view(Policy.USUAL).due()).isNotNull();
        chat.fail();

        assertThat(view(Policy.USUAL).due()).isNull();
        assertThat(view(Policy.USUAL).lines()).isEqualTo(chat.lines());
        for (int i = 0; i <= Past.REQUESTS_BETWEEN_TRIES; i++) {
            chat.call("r");
        }
        assertThat(view(Policy.USUAL).due()).isNotNull();
    }

    @Test
    void a_handover_leaves_nothing_but_the_note_and_what_nobody_has_answered() {
        chat.says("task").call(LONG).call(LONG).call(LONG).call(LONG).call(LONG).call(LONG).call(LONG);
        chat.ask();
        chat.answers("done").says("and now?");
        chat.ask();
        var policy = new Policy.ResetWithHandover(60);

        var due = due(policy);
        chat.note(due, "the state of things");

        assertThat(texts(view(policy))).singleElement().asString().contains("the state of things", "and now?");
    }

    @Test
    void a_hybrid_clears_first_and_sums_up_when_that_is_not_enough() {
        chat.says("task");
        for (int i = 0; i < 9; i++) {
            chat.call(LONG);
        }
        chat.ask();
        var clear = new Policy.ClearToolResults(2_000, 2, 500);

        assertThat(view(new Policy.Compaction(50, 2)).due()).isNotNull();
        var hybrid = view(new Policy.Hybrid(clear, new Policy.Compaction(50, 2)));
        assertThat(hybrid.due()).isNull();
        assertThat(hybrid.cuts()).extracting(View.Cut::what).containsExactly(View.What.RESULTS_CLEARED);
        assertThat(view(new Policy.Hybrid(clear, new Policy.Compaction(25, 1))).due()).isNotNull();
    }
}
