package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that do not end by themselves, and what is left of them. */
@Timeout(120)
class BashEndingTest {
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

    private static boolean runs(String pid) {
        return ProcessHandle.of(Long.parseLong(pid.strip())).map(ProcessHandle::isAlive).orElse(false);
    }

    @Test
    void a_command_that_takes_too_long_is_killed_and_what_follows_it_never_runs() {
        handd.bash("x=5; cd /tmp");
        var answer = handd.call(Tool.bash("echo before; sleep 600; echo after", SHORT_MS)).bash();
        assertThat(answer.text()).isEqualTo("before\n");
        assertThat(answer.exit()).isEqualTo(137);
        assertThat(answer.flags()).isEqualTo(Answer.TIMED_OUT | Answer.SHELL_REPLACED);
        assertThat(handd.bash("echo $PWD $x").text()).isEqualTo("/tmp\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while :; do :; done", "while :; do sleep 600; done",
                "trap '' TERM INT HUP; while :; do sleep 600; done",
                "kill -STOP $$", "exec sleep 600", "set -n", "read _ < <(sleep 600); while :; do :; done"})
    void a_shell_that_would_not_answer_is_killed_with_its_command(String command) {
        handd.bash("cd /usr");
        var answer = handd.call(Tool.bash("cd /var; " + command, SHORT_MS)).bash();
        assertThat(answer.exit()).isEqualTo(137);
        assertThat(answer.flags()).isEqualTo(Answer.TIMED_OUT | Answer.SHELL_REPLACED);
        var next = handd.bash("pwd");
        assertThat(next.flags()).isZero();
        assertThat(next.text()).isIn("/var\n", "/usr\n");
    }

    @Test
    void a_child_that_is_immune_to_signals_is_killed() {
        var answer = handd.call(Tool.bash("(trap '' TERM INT HUP; echo $BASHPID; sleep 600; echo next; sleep 600)",
                SHORT_MS)).bash();
        assertThat(answer.flags() & Answer.TIMED_OUT).isNotZero();
        Handd.awaitEnd(answer.text().lines().findFirst().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 600 & echo $!; wait", "setsid sleep 600 & echo $!; wait",
                "(setsid sh -c 'sleep 600 & echo $!' &); sleep 600",
                "sh -c 'sh -c \"nohup sleep 600 & echo \\$!\" &'; sleep 600"})
    void everything_that_a_call_started_ends_with_its_time(String command) {
        var answer = handd.call(Tool.bash(command, SHORT_MS)).bash();
        assertThat(answer.flags() & Answer.TIMED_OUT).isNotZero();
        Handd.awaitEnd(answer.text().lines().findFirst().orElseThrow());
    }

    @Test
    void what_earlier_calls_left_running_survives_a_later_time_out() {
        var simple = handd.bash("sleep 600 & echo $!").text();
        var orphan = handd.bash("(setsid sleep 600 & echo $!)").text();
        var forking = handd.bash("(while :; do sleep 0.01; done) & echo $!").text();
        var answer = handd.call(Tool.bash("sleep 600", SHORT_MS)).bash();
        assertThat(answer.flags() & Answer.TIMED_OUT).isNotZero();
        for (var pid : new String[]{simple, orphan, forking}) {
            assertThat(runs(pid)).isTrue();
        }
    }

    @RepeatedTest(5)
    void what_the_call_just_before_left_running_survives_too() {
        int before = handd.send(Tool.bash("sleep 600 & echo $!"));
        int tooLong = handd.send(Tool.bash("sleep 600", SHORT_MS));
        assertThat(handd.line().await(tooLong).bash().flags() & Answer.TIMED_OUT).isNotZero();
        assertThat(runs(handd.line().await(before).bash().text())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 600 &", "setsid nohup sleep 600 &", "(sleep 600 &)",
                "while :; do echo noise; sleep 0.001; done &",
                "yes &", "(exec 3>&1; sleep 600 &)", "coproc sleep 600"})
    void a_background_job_that_keeps_the_output_neither_holds_the_call_nor_soils_the_next(String command) {
        assertThat(handd.bash(command).exit()).isZero();
        for (int i = 0; i < 10; i++) {
            assertThat(handd.bash("echo " + i).text()).isEqualTo(i + "\n");
        }
    }

    @Test
    void a_background_job_may_go_on_writing_to_nobody() {
        handd.bash("(for i in $(seq 20000); do echo line $i; done; echo > finished; sleep 600) & mkfifo finished");
        assertThat(handd.bash("cat finished; echo over").text()).isEqualTo("\nover\n");
    }

    @Test
    void a_running_command_is_cancelled() {
        var gate = Gate.in(handd);
        int tag = handd.send("slow", Tool.bash("x=5; sleep 600 & echo $!; " + gate.command()));
        gate.awaitReached();
        assertThat(handd.cancel("slow").status()).isEqualTo(Answer.DONE);
        var answer = handd.line().await(tag).bash();
        assertThat(answer.flags() & Answer.CANCELLED).isNotZero();
        assertThat(answer.flags() & Answer.TIMED_OUT).isZero();
        assertThat(answer.exit()).isEqualTo(137);
        Handd.awaitEnd(answer.text());
    }

    @Test
    void a_command_that_waits_is_cancelled_without_running() {
        var gate = Gate.in(handd);
        int running = handd.send("slow", Tool.bash(gate.command()));
        gate.awaitReached();
        int waiting = handd.send("later", Tool.bash("echo ran > ran"));
        handd.cancel("later");
        assertThat(handd.line().await(waiting).bash().flags()).isEqualTo(Answer.CANCELLED);
        gate.open();
        assertThat(handd.line().await(running).bash().flags()).isZero();
        assertThat(handd.workspace().resolve("ran")).doesNotExist();
    }

    @Test
    void cancelling_twice_or_too_late_changes_nothing() {
        var gate = Gate.in(handd);
        int tag = handd.send("slow", Tool.bash(gate.command()));
        gate.awaitReached();
        handd.cancel("slow");
        handd.cancel("slow");
        var answer = handd.line().await(tag);
        handd.cancel("slow");
        assertThat(handd.attach("slow").payload()).isEqualTo(answer.payload());
        assertThat(handd.bash("echo x").text()).isEqualTo("x\n");
    }

    @Test
    void orphans_are_reaped() {
        var orphans = handd.bash("for i in $(seq 200); do (sleep 0.01 & echo $!); done").text().lines().toList();
        assertThat(orphans).hasSize(200);
        orphans.forEach(Handd::awaitEnd);
    }
}
