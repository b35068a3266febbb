package dev.handloom.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import dev.handloom.harness.context.strategy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a replay counts, on sessions small enough to count by hand. */
class ReplayTest {
    private static final String LONG = "x".repeat(10_000);
    private static final Options OPTIONS = new Options(200_000, 100, new Prices(1, 0.1, 1.25, 5));

    /** Two calls; the second one uses a path that the first one's result named. */
    private static String session(long secondAt, int billed) {
        return """
                {"id":"s","system":"Weave.","messages":[{"role":"user","content":"task"},
                {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},
                {"type":"tool_use","id":"t1","name":"bash","input":{"command":"ls"}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"LONG src/loom.txt"}]},
                {"role":"assistant","content":[{"type":"tool_use","id":"t2","name":"bash",
                "input":{"command":"cat src/loom.txt && echo unheard-of"}}]},
                {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","content":"ok"}]}],
                "calls":[{"created":1000,"prompt_tokens":30,"cached_tokens":0,"completion_tokens":7},
                {"created":SECOND,"prompt_tokens":BILLED,"cached_tokens":0,"completion_tokens":8}]}""".replace("\n", "")
                .replace("LONG", LONG)
                .replace("SECOND", String.valueOf(secondAt))
                .replace("BILLED", String.valueOf(billed));
    }

    private static Outcome replay(String session, Policy policy) {
        return Comparison.of(Recordings.read(session), List.of(policy), OPTIONS)
                .rows()
                .getFirst()
                .outcomes()
                .getFirst();
    }

    @Test
    void only_what_was_said_before_is_a_needle() {
        var full = replay(session(1010, 2000), new Policy.Full());

        assertThat(full.needles()).isEqualTo(1);
        assertThat(full.kept()).isEqualTo(1);
        assertThat(full.inputs()).hasSize(2);
        assertThat(full.output()).isEqualTo(15);
    }

    @Test
    void what_a_strategy_cut_is_not_kept() {
        var window = replay(session(1010, 2000), new Policy.SlidingWindow(1, 1_000, true, 0));
        assertThat(window.kept()).as("the newest turn stays, however long").isEqualTo(1);
    }

    @Test
    void within_five_minutes_the_prefix_is_read_and_after_them_it_is_written_again() {
        var three = session(1010, 2000).replace("\"calls\"", "\"more\"");
        assertThat(replay(three, new Policy.Full()).usd()).isNotNull();
        var lines = threeCalls(1_020);
        var late = threeCalls(1_010 + 301);

        assertThat(replay(lines, new Policy.Full()).read()).isPositive();
        assertThat(replay(late, new Policy.Full()).read()).isZero();
        assertThat(replay(late, new Policy.Full()).written()).isGreaterThan(
                replay(lines, new Policy.Full()).written());
    }

    /** As above, and a third call. */
    private static String threeCalls(long thirdAt) {
        var session = session(1_010, 3_000);
        return session.replace("\"content\":\"ok\"}]}]", "\"content\":\"ok\"}]},"
                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}]")
                .replace("\"completion_tokens\":8}]",
                        "\"completion_tokens\":8},{\"created\":" + thirdAt
                                + ",\"prompt_tokens\":3100,\"cached_tokens\":0,\"completion_tokens\":1}]");
    }

    @Test
    void the_cost_is_the_sum_of_what_was_read_written_and_answered() {
        var outcome = replay(threeCalls(1_020), new Policy.Full());

        assertThat(Objects.requireNonNull(outcome.usd()).doubleValue())
                .isCloseTo((outcome.plain() + 0.1 * outcome.read() + 1.25 * outcome.written()
                        + 5 * outcome.output()) / 1_000_000, within(1e-9));
        assertThat(outcome.read() + outcome.written() + outcome.plain()).isEqualTo(outcome.input());
    }

    @Test
    void a_chat_is_read_in_the_shape_of_the_messages_api() {
        var recording = Recordings.read("""
                {"task_id":3,"traj":[{"role":"system","content":"Serve."},{"role":"user","content":"hi"},\
                {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",\
                "function":{"name":"find","arguments":"{\\"id\\":1}"}}]},\
                {"role":"tool","tool_call_id":"c1","name":"find","content":"found"},\
                {"role":"assistant","content":"done"}]}""").getFirst();

        assertThat(recording.id()).isEqualTo("task-3");
        assertThat(recording.lines()).extracting(line -> line.role() + line.message().content())
                .containsExactly(
                        "user[{\"type\":\"text\",\"text\":\"hi\"}]",
                        "assistant[{\"type\":\"tool_use\",\"id\":\"c1\",\"name\":\"find\",\"input\":{\"id\":1}}]",
                        "user[{\"type\":\"tool_result\",\"tool_use_id\":\"c1\",\"content\":\"found\"}]",
                        "assistant[{\"type\":\"text\",\"text\":\"done\"}]");
        assertThat(recording.calls()).extracting(Recording.Call::lines).containsExactly(1, 3);
    }

    @Test
    void what_is_no_recording_is_refused_by_its_line() {
        assertThatThrownBy(() -> Recordings.read("\n{\"a\":1}")).hasMessageStartingWith("line 2: has neither");
        assertThatThrownBy(() -> Recordings.read("nonsense")).hasMessageStartingWith("line 1: ");
        assertThatThrownBy(() -> Recordings.read("")).hasMessage("there is no session in it");
    }

    /** Recorded with the rehearsal model; the log of one session each. */
    @ParameterizedTest
    @CsvSource({"loom-repair,16", "long-reading,32"})
    void a_session_of_our_own_is_replayed_from_its_log(String name, int calls) throws IOException {
        var recordings = Recordings.read(Files.readString(Path.of("src/test/resources/replays", name + ".jsonl")));

        assertThat(recordings).singleElement().extracting(Recording::calls).asInstanceOf(LIST).hasSize(calls);
        var comparison = Comparison.of(recordings, Suggested.NAMES.stream()
                .map(strategy -> Suggested.of(strategy, 8_000))
                .toList(), new Options(8_000, 200, null));
        var full = comparison.rows().getFirst();
        assertThat(full.sum(Outcome::kept)).isEqualTo(full.sum(Outcome::needles)).isPositive();
        assertThat(full.usd()).as("nobody named prices").isNull();
        assertThat(comparison.rows()).allSatisfy(row -> assertThat(row.peak())
                .isLessThanOrEqualTo(full.peak()));
    }

    @Test
    void both_reports_name_each_strategy_and_session() {
        var comparison = Comparison.of(Recordings.read(threeCalls(1_020)),
                Suggested.NAMES.stream().map(name -> Suggested.of(name, 200_000)).toList(), OPTIONS);

        assertThat(comparison.markdown()).contains(Suggested.NAMES).contains("| s | 3 |");
        assertThat(comparison.json().path("strategies").findValuesAsString("strategy"))
                .containsAll(Suggested.NAMES);
        assertThat(comparison.json().at("/strategies/0/sessions/0/input_tokens_per_call")).hasSize(3);
    }
}
