package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bash tool of an embedded hand: one shell that lasts, call after call. */
@NeedsTheShell
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedBashTest {
    private Embedded embedded;

    @BeforeAll
    void open() {
        embedded = new Embedded();
    }

    @AfterAll
    void close() {
        embedded.close();
    }

    private static ToolResult said(String text) {
        return new ToolResult(text, false);
    }

    @Test
    void a_shell_begins_in_the_workspace_and_the_session_folders_are_there() {
        embedded.ask(new ToolInput.Bash(null, true, null));
        assertThat(embedded.bash("pwd; cd /tmp && cd /mnt/session/uploads && cd ../outputs && pwd"))
                .isEqualTo(said("/workspace\n/mnt/session/outputs\n"));
    }

    @Test
    void directory_variables_arrays_functions_and_options_last_from_call_to_call() {
        embedded.bash("cd /tmp; plain=1; export exported=2; list=(a 'b c'); declare -A map=([k]=v); set -o pipefail");
        embedded.bash("greet() { echo \"$plain $exported ${list[1]} ${map[k]} $1\"; }");
        assertThat(embedded.bash("pwd; greet x; sh -c 'echo ${plain:-none} $exported'; false | true; echo $?"))
                .isEqualTo(said("/tmp\n1 2 b c v x\nnone 2\n1\n"));
    }

    @Test
    void what_a_subshell_changes_ends_with_it() {
        embedded.bash("here=outside; cd /tmp");
        embedded.bash("(here=inside; cd /; exit 4)");
        assertThat(embedded.bash("echo $here; pwd")).isEqualTo(said("outside\n/tmp\n"));
    }

    @Test
    void exit_ends_the_call_and_not_the_shell() {
        embedded.bash("kept=yes");
        assertThat(embedded.bash("exit 3; echo not reached")).isEqualTo(new ToolResult("exit 3", true));
        assertThat(embedded.bash("echo $kept")).isEqualTo(said("yes\n"));
    }

    @Test
    void a_status_other_than_0_is_an_error_with_the_output_or_the_status() {
        assertThat(embedded.bash("echo found; echo lost >&2; false")).isEqualTo(new ToolResult("found\nlost\n", true));
        assertThat(embedded.bash("(exit 7)")).isEqualTo(new ToolResult("exit 7", true));
        assertThat(embedded.bash("echo lost >&2")).isEqualTo(said("lost\n"));
    }

    @Test
    void what_set_e_ended_is_followed_by_a_shell_without_it() {
        assertThat(embedded.bash("set -e; false; echo not reached").isError()).isTrue();
        assertThat(embedded.bash("false; echo reached")).isEqualTo(said("reached\n"));
    }

    @Test
    void a_syntax_error_is_told_and_harms_nothing() {
        embedded.bash("kept=here");
        assertThat(embedded.bash("if then").isError()).isTrue();
        assertThat(embedded.bash("echo $kept")).isEqualTo(said("here\n"));
    }

    @Test
    void restart_gives_a_new_shell_and_keeps_the_files() {
        embedded.bash("gone=1; cd /tmp; echo kept > /tmp/file");
        assertThat(embedded.ask(new ToolInput.Bash(null, true, null))).isEqualTo(said("bash session restarted"));
        assertThat(embedded.bash("pwd; echo ${gone:-empty}; cat /tmp/file"))
                .isEqualTo(said("/workspace\nempty\nkept\n"));
        embedded.bash("gone=1");
        assertThat(embedded.ask(new ToolInput.Bash("echo ${gone:-empty}", true, null))).isEqualTo(said("empty\n"));
    }

    @Test
    void commands_read_nothing_from_standard_input() {
        assertThat(embedded.bash("read line; echo \"[$line]\"; cat; wc -c")).isEqualTo(said("[]\n0\n"));
    }

    @Test
    void text_keeps_its_spaces_and_its_characters() {
        assertThat(embedded.bash("cat <<'END'\n    indented\n\ttab\nEND\necho 'žluť 日本 🧵' | cut -c 1-4"))
                .isEqualTo(said("    indented\n\ttab\nžluť\n"));
        assertThat(embedded.bash("printf '\\033[31mred\\033[0m \\033]0;title\\007plain'")).isEqualTo(said("red plain"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"git status", "python3 -c 1", "node -e 1", "npm ci", "gcc x.c", "java -version",
                "curl http://localhost", "wget http://localhost", "tar x", "gzip f", "yes", "ssh localhost", "sudo id"})
    void what_is_not_in_it_is_named_as_such(String command) {
        var name = command.split(" ", -1)[0];
        assertThat(embedded.bash(command)).isEqualTo(new ToolResult(name + ": not in the embedded sandbox "
                + "(handloom.hands.provider=jvm); install Docker or bubblewrap for a full one\n", true));
        assertThat(embedded.bash(command + "; echo $?").text()).endsWith("127\n");
        assertThat(embedded.bash("command -v " + name).isError()).isTrue();
    }

    @Test
    void an_unknown_command_is_not_found() {
        assertThat(embedded.bash("grpe x")).isEqualTo(new ToolResult("bash: grpe: command not found\n", true));
    }

    @Test
    void of_long_output_the_end_is_shown_and_all_of_it_is_kept_in_a_file() {
        var result = embedded.bash(
                "echo first; printf 'a line of fifty characters, the end of it not incl%.0s\n' {1..2500}; echo last");
        assertThat(result.isError()).isFalse();
        assertThat(result.text()).startsWith("[the end of 127511 bytes of output; all of it is in /tmp/bash-output-")
                .endsWith("incl\nlast\n");
        var shown = result.text().substring(result.text().indexOf('\n') + 1);
        assertThat(shown).hasSize(ToolInput.OUTPUT_BYTES_MAX);
        var file = result.text().substring(result.text().indexOf("/tmp/"), result.text().indexOf(']'));
        assertThat(embedded.bash("wc -c < " + file + "; head -n 1 " + file)).isEqualTo(said("127511\nfirst\n"));
    }

    @Test
    void output_at_the_limit_is_shown_whole() {
        var atLimit = "printf '%1024d%.0s' {1..200}";
        assertThat(embedded.bash(atLimit).text()).hasSize(ToolInput.OUTPUT_BYTES_MAX).startsWith(" ");
        assertThat(embedded.bash(atLimit + "; printf y").text()).startsWith("[the end of 102401 bytes").endsWith("9y");
    }

    @Test
    void a_known_call_is_not_run_again_but_answered_as_before() {
        var id = embedded.nextId();
        var once = Embedded.bash("echo ran >> /tmp/runs; echo done", null);
        assertThat(embedded.ask(id, once)).isEqualTo(said("done\n"));
        assertThat(embedded.ask(id, once)).isEqualTo(said("done\n"));
        assertThat(embedded.bash("cat /tmp/runs")).isEqualTo(said("ran\n"));
    }

    @Test
    void a_result_is_kept_until_it_is_forgotten() throws Exception {
        var call = new ToolCall(embedded.nextId(), Embedded.bash("echo kept", null));
        embedded.hand().execute(call);
        assertThat(embedded.hand().attach(call)).contains(said("kept\n"));
        embedded.hand().forget(call.toolUseId());
        assertThat(embedded.hand().attach(call)).isEmpty();
    }

    @Test
    void a_call_ends_when_its_time_is_up_and_the_next_one_goes_on() {
        embedded.bash("cd /tmp; kept=1");
        assertThat(embedded.ask(Embedded.bash("echo begun; sleep 100", Duration.ofMillis(50))))
                .isEqualTo(new ToolResult("begun\n[timed out after 50 ms]", true));
        assertThat(embedded.bash("pwd; echo $kept")).isEqualTo(said("/tmp\n1\n"));
    }

    @Test
    void a_running_call_can_be_cancelled_and_what_it_had_written_is_told() {
        var id = embedded.nextId();
        var running = embedded.begin(id, Embedded.bash("echo some; echo > /tmp/begun; sleep 100", null));
        while (embedded.ask(new ToolInput.Read("/tmp/begun", 0, 0)).isError()) {
            Thread.onSpinWait();
        }
        embedded.hand().cancel(id);
        assertThat(running.join()).isEqualTo(new ToolResult("some\n[cancelled]", true));
    }

    @Test
    void calls_run_one_after_the_other_and_one_that_waits_can_be_cancelled_and_never_runs() {
        var first = embedded.nextId();
        var second = embedded.nextId();
        var running = embedded.begin(first, Embedded.bash("echo begun > /tmp/busy; sleep 100", null));
        while (embedded.ask(new ToolInput.Read("/tmp/busy", 0, 0)).isError()) {
            Thread.onSpinWait();
        }
        var waiting = embedded.begin(second, Embedded.bash("echo ran > /tmp/ran", null));
        while (!waiting.isDone()) {
            embedded.hand().cancel(second);
        }
        assertThat(waiting.join()).isEqualTo(new ToolResult("[cancelled]", true));
        assertThat(running).isNotDone();
        embedded.hand().cancel(first);
        running.join();
        assertThat(embedded.bash("ls /tmp/ran").isError()).isTrue();
    }

    @Test
    void no_more_than_64_calls_wait() {
        var first = embedded.nextId();
        var running = embedded.begin(first, Embedded.bash("echo > /tmp/full; sleep 100", null));
        while (embedded.ask(new ToolInput.Read("/tmp/full", 0, 0)).isError()) {
            Thread.onSpinWait();
        }
        var ids = IntStream.range(0, 65).mapToObj(_ -> embedded.nextId()).toList();
        var waiting = ids.stream().map(id -> embedded.begin(id, Embedded.bash("true", null))).toList();
        assertThat(CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new)).join())
                .isEqualTo(new ToolResult("bash: 64 calls are waiting already", true));
        assertThat(waiting).filteredOn(CompletableFuture::isDone).hasSize(1);
        ids.forEach(embedded.hand()::cancel);
        embedded.hand().cancel(first);
        assertThat(running.join()).isEqualTo(Call.CANCELLED);
    }

    @Test
    void a_destroyed_hand_is_dead_and_says_so_to_those_who_wait() {
        var other = new Embedded();
        var running = other.begin("toolu_running", Embedded.bash("echo > /tmp/begun; sleep 100", null));
        while (other.ask(new ToolInput.Read("/tmp/begun", 0, 0)).isError()) {
            Thread.onSpinWait();
        }
        other.close();
        assertThat(other.hand().alive()).isFalse();
        assertThatThrownBy(running::join).hasRootCauseInstanceOf(HandDied.class);
        assertThatThrownBy(() -> other.hand().execute(new ToolCall("toolu_next", Embedded.bash("true", null))))
                .isInstanceOf(HandDied.class);
    }

    @Test
    void two_hands_share_nothing() {
        embedded.bash("secret=1; echo mine > /tmp/mine");
        try (var other = new Embedded()) {
            assertThat(other.bash("echo ${secret:-none}; cat /tmp/mine").text())
                    .isEqualTo("none\ncat: /tmp/mine: No such file or directory\n");
        }
    }
}
