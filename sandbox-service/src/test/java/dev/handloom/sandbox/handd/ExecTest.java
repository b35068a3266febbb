package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs beside the shell. */
@Timeout(120)
class ExecTest {
    private static final long SHORT_MS = 300;

    @TempDir
    Path folder = Path.of("");
    private Handd handd;

    @BeforeEach
    void start() {
        handd = Handd.start(folder);
    }

    @AfterEach
    void end() {
        handd.close();
    }

    private Answer.Exec exec(String... words) {
        return handd.call(Tool.exec(handd.workspace(), words)).exec();
    }

    @Test
    void a_program_gets_its_arguments_as_they_are() {
        assertThat(exec("printf", "[%s]", "a b", "", "$x", "*", "ü\n"))
                .isEqualTo(new Answer.Exec(0, 0, 19, "[a b][][$x][*][ü\n]"));
    }

    @Test
    void it_runs_in_its_directory_with_the_sandboxs_environment_and_no_input() {
        assertThat(exec("pwd").output()).isEqualTo(handd.workspace() + "\n");
        assertThat(exec("env").output()).contains("GIT_TERMINAL_PROMPT=0").doesNotContain("SECRET", "NONCE");
        assertThat(exec("cat").output()).isEmpty();
        assertThat(exec("ls", "/proc/self/fd").output()).isEqualTo("0\n1\n2\n3\n");
    }

    @Test
    void its_status_is_answered() {
        assertThat(exec("sh", "-c", "echo out; echo err >&2; exit 3"))
                .isEqualTo(new Answer.Exec(3, 0, 8, "out\nerr\n"));
        assertThat(exec("sh", "-c", "kill -9 $$").exit()).isEqualTo(137);
        assertThat(exec("no-such-program").exit()).isEqualTo(127);
        assertThat(exec("no-such-program").output()).isEqualTo("no-such-program: No such file or directory\n");
        assertThat(exec("/").exit()).isEqualTo(126);
    }

    @Test
    void a_directory_that_is_not_there_is_an_error() {
        assertThat(handd.call(Tool.exec(handd.workspace().resolve("gone"), "true")).failure().errno()).isEqualTo(2);
    }

    @Test
    void a_call_without_a_program_or_with_too_many_words_makes_no_sense() {
        assertThat(handd.call(Tool.exec(handd.workspace())).nonsense()).isEqualTo("not the fields of a tool");
        var words = new String[257];
        java.util.Arrays.fill(words, "true");
        assertThat(handd.call(Tool.exec(handd.workspace(), words)).nonsense()).isEqualTo("not the fields of a tool");
    }

    @Test
    void the_first_of_a_long_output_is_answered_and_all_of_it_counted() {
        var answer = handd.call(Tool.exec(Tool.PATIENCE_MS, handd.workspace(), 10, "seq", "100000")).exec();
        assertThat(answer).isEqualTo(new Answer.Exec(0, Answer.CUT, 588_895, "1\n2\n3\n4\n5\n"));
    }

    @Test
    void an_output_without_end_is_ended() {
        var answer = handd.call(Tool.exec(Tool.PATIENCE_MS, handd.workspace(), 10, "yes")).exec();
        assertThat(answer.exit()).isEqualTo(137);
        assertThat(answer.flags()).isEqualTo(Answer.CUT | Answer.FULL);
    }

    @Test
    void a_program_that_takes_too_long_is_killed_with_its_children() {
        var answer = handd.call(Tool.exec(SHORT_MS, handd.workspace(), 100, "bash", "-c",
                "trap '' TERM; setsid sleep 600 & echo $!; wait")).exec();
        assertThat(answer.exit()).isEqualTo(137);
        assertThat(answer.flags()).isEqualTo(Answer.TIMED_OUT);
        Handd.awaitEnd(answer.output());
    }

    @Test
    void what_a_program_left_in_its_group_ends_with_it_and_does_not_hold_the_answer() {
        var answer = exec("sh", "-c", "sleep 600 & echo $!");
        assertThat(answer.exit()).isZero();
        Handd.awaitEnd(answer.output());
    }

    @Test
    void a_program_is_cancelled() {
        var gate = Gate.in(handd);
        int tag = handd.send("slow", Tool.exec(handd.workspace(), "bash", "-c", gate.command()));
        gate.awaitReached();
        handd.cancel("slow");
        assertThat(handd.line().await(tag).exec()).isEqualTo(new Answer.Exec(137, Answer.CANCELLED, 0, ""));
    }

    @Test
    void the_seventeenth_at_a_time_is_refused_and_may_come_again() {
        var gates = new Gate[16];
        var tags = new int[gates.length];
        for (int i = 0; i < gates.length; i++) {
            gates[i] = Gate.in(handd);
            tags[i] = handd.send(Tool.exec(handd.workspace(), "bash", "-c", gates[i].command()));
        }
        int refused = handd.send("refused", Tool.exec(handd.workspace(), "true"));
        assertThat(handd.line().await(refused).failure().errno()).isEqualTo(11);
        for (int i = 0; i < gates.length; i++) {
            gates[i].open();
            assertThat(handd.line().await(tags[i]).exec().exit()).isZero();
        }
        assertThat(handd.line().await(handd.send("refused", Tool.exec(handd.workspace(), "true"))).exec().exit())
                .isZero();
    }

    @Test
    void a_new_shell_leaves_programs_alone() {
        var gate = Gate.in(handd);
        int tag = handd.send(Tool.exec(handd.workspace(), "bash", "-c", gate.command() + "; echo done"));
        gate.awaitReached();
        handd.call(Tool.newShell());
        gate.open();
        assertThat(handd.line().await(tag).exec().output()).isEqualTo("done\n");
    }
}
