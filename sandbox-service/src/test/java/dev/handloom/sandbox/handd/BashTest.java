package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One shell for a session: what stays in it, and what takes it away. */
@Timeout(120)
class BashTest {
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

    @Test
    void a_command_answers_its_output_its_status_and_where_the_shell_stands() {
        var answer = handd.bash("echo out; echo err >&2; mkdir d; cd d; (exit 42)");
        assertThat(answer.text()).isEqualTo("out\nerr\n");
        assertThat(answer.exit()).isEqualTo(42);
        assertThat(answer.flags()).isZero();
        assertThat(answer.total()).isEqualTo(8);
        assertThat(answer.kept()).isEmpty();
        assertThat(answer.directory()).isEqualTo(handd.workspace().resolve("d").toString());
    }

    @Test
    void directory_variables_functions_aliases_and_options_stay() {
        handd.bash(
                "cd /usr; x=5; export Y=6; f() { echo \"f $1\"; }; alias say='echo said'; set -o noglob; declare -a a=(1 2)");
        assertThat(handd.bash("pwd; echo $x; env | grep ^Y; f 1; say hi; echo *; echo ${a[1]}").text())
                .isEqualTo("/usr\n5\nY=6\nf 1\nsaid hi\n*\n2\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exit 3|3", "set -e; false|1", "exec sh -c 'exit 9'|9", "kill -9 $$|137", "kill -TERM $$|143",
                "ulimit -f 0; kill -KILL $BASHPID|137"})
    void a_command_may_end_the_shell_and_the_next_one_stands_in_its_place(String command, int exit) {
        handd.bash("cd /usr");
        var answer = handd.bash("echo before; " + command);
        assertThat(answer.text()).isEqualTo("before\n");
        assertThat(answer.exit()).isEqualTo(exit);
        assertThat(answer.flags()).isEqualTo(Answer.SHELL_REPLACED);
        var next = handd.bash("pwd");
        assertThat(next.text()).isEqualTo("/usr\n");
        assertThat(next.flags()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"break|0", "continue|0", "return 7|7", "(exit 8)|8", "if true; then|2", "'|2"})
    void what_would_end_a_script_ends_no_shell(String command, int exit) {
        handd.bash("x=5");
        var answer = handd.bash(command);
        assertThat(answer.exit()).isEqualTo(exit);
        assertThat(answer.flags()).isZero();
        assertThat(handd.bash("echo $x").text()).isEqualTo("5\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set -C", "set -u", "set -f", "set -o posix", "IFS=0", "PATH=", "unset PWD HOME", "shopt -s extdebug",
                "trap 'echo x' DEBUG EXIT ERR", "alias printf=false .=false", "printf() { false; }",
                "exec >/dev/null 2>&1",
                "exec </dev/null", "umask 777", "set -x", "set -v", "exec 250>&-", "unalias -a", "cd /; cd -"})
    void whatever_is_set_the_next_command_runs(String command) {
        assertThat(handd.bash(command).flags()).isZero();
        var answer = handd.bash("\\builtin echo x");
        assertThat(answer.text()).contains("x\n");
        assertThat(answer.flags()).isZero();
    }

    @Test
    void the_name_of_the_shell_is_no_file_of_ours() {
        assertThat(handd.bash("echo $0").text()).isEqualTo("bash\n");
    }

    @Test
    void standard_input_is_empty() {
        assertThat(handd.bash("cat; read x; echo $?").text()).isEqualTo("1\n");
    }

    @Test
    void bytes_are_bytes() {
        assertThat(handd.bash("printf 'a\\0\\377\\376\\r\\nb'").output())
                .isEqualTo(new byte[]{'a', 0, -1, -2, '\r', '\n', 'b'});
    }

    @Test
    void a_command_is_text_without_nul_bytes_and_no_longer_than_a_megabyte() {
        assertThat(handd.call(Tool.bash("echo a\0b")).nonsense()).isEqualTo("not the fields of a tool");
        var longest = "echo " + "x".repeat((1 << 20) - 5);
        assertThat(handd.bash(longest).total()).isEqualTo(longest.length() - 4);
        assertThat(handd.call(Tool.bash(longest + "x")).failure().message()).contains("1 MB");
    }

    @Test
    void an_error_names_the_line_of_the_command() {
        assertThat(handd.bash("\n\nnosuchcommand").text()).contains("line 3: nosuchcommand: command not found");
    }

    @Test
    void what_goes_to_dev_stderr_cuts_nothing() {
        assertThat(handd.bash("echo a; echo b > /dev/stderr; echo c | tee /dev/stderr; echo d > /dev/stdout").text())
                .isEqualTo("a\nb\nc\nc\nd\n");
    }

    @Test
    void a_command_inherits_nothing_but_its_three_descriptors() {
        assertThat(handd.bash("ls /proc/self/fd | tr '\\n' ' '").text()).isEqualTo("0 1 2 3 ");
    }

    @Test
    void the_environment_is_the_sandboxs_own() {
        assertThat(handd.bash("env | cut -d= -f1 | sort | tr '\\n' ' '; echo; env | grep -c -e nonce -e host").text())
                .isEqualTo("DEBIAN_FRONTEND GIT_EDITOR GIT_PAGER GIT_TERMINAL_PROMPT HOME LANG LOGNAME PAGER PATH PWD "
                        + "PYTHONUNBUFFERED SHELL SHLVL TERM USER _ \n0\n");
    }

    @Test
    void calls_wait_for_one_another_in_their_order() {
        int first = handd.send(Tool.bash("x=1"));
        int second = handd.send(Tool.bash("x=${x}2"));
        int third = handd.send(Tool.bash("echo ${x}3"));
        assertThat(handd.line().await(third).bash().text()).isEqualTo("123\n");
        assertThat(handd.line().await(second).bash().exit()).isZero();
        assertThat(handd.line().await(first).bash().exit()).isZero();
    }

    @Test
    void other_tools_do_not_wait_for_a_command() {
        var gate = Gate.in(handd);
        int slow = handd.send(Tool.bash(gate.command() + "; cat f"));
        gate.awaitReached();
        assertThat(handd.call(Tool.write(handd.workspace().resolve("f"), "written meanwhile")).created()).isTrue();
        assertThat(handd.call(Tool.read(handd.workspace().resolve("f"))).read().content())
                .isEqualTo("written meanwhile");
        assertThat(handd.call(Tool.exec(handd.workspace(), "cat", "f")).exec().output()).isEqualTo("written meanwhile");
        assertThat(handd.call(Tool.glob(handd.workspace(), "*", 10)).glob().paths()).hasSize(1);
        gate.open();
        assertThat(handd.line().await(slow).bash().text()).isEqualTo("written meanwhile");
    }

    @Test
    void the_sixty_sixth_command_is_refused_and_may_come_again() {
        var gate = Gate.in(handd);
        handd.send(Tool.bash(gate.command()));
        gate.awaitReached();
        int last = 0;
        for (int i = 0; i < 64; i++) {
            last = handd.send(Tool.bash("echo " + i));
        }
        int refused = handd.send("refused", Tool.bash("echo again"));
        assertThat(handd.line().await(refused).failure().errno()).isEqualTo(11);
        assertThat(handd.attach("refused").status()).isEqualTo(Answer.UNKNOWN_CALL);
        gate.open();
        assertThat(handd.line().await(last).bash().text()).isEqualTo("63\n");
        assertThat(handd.line().await(handd.send("refused", Tool.bash("echo again"))).bash().text())
                .isEqualTo("again\n");
    }

    @Test
    void a_new_shell_knows_nothing_and_nothing_of_the_old_one_runs() {
        var child = handd.bash("cd /usr; x=5; setsid sleep 600 & echo $!").text();
        var answer = handd.call(Tool.newShell()).bash();
        assertThat(answer.exit()).isZero();
        assertThat(answer.flags()).isZero();
        assertThat(answer.directory()).isEqualTo(handd.workspace().toString());
        Handd.awaitEnd(child);
        assertThat(handd.call(Tool.newShell("echo [$x]; pwd")).bash().text())
                .isEqualTo("[]\n" + handd.workspace() + "\n");
    }

    @Test
    void a_shell_that_died_between_two_calls_is_reported_by_the_next() throws IOException {
        handd.bash("mkfifo die; (read _ < die; kill -9 $$) & disown");
        var shell = handd.bash("echo $$").text();
        Files.writeString(handd.workspace().resolve("die"), "now\n");
        Handd.awaitEnd(shell);
        var answer = handd.bash("echo [$x]");
        assertThat(answer.text()).isEqualTo("[]\n");
        assertThat(answer.flags()).isEqualTo(Answer.SHELL_REPLACED);
    }

    @Test
    void a_start_directory_that_is_gone_is_no_reason_to_stop() {
        assertThat(handd.bash("rm -r $PWD; cd ..; exit").exit()).isZero();
        assertThat(handd.call(Tool.newShell("pwd")).bash().text()).isEqualTo("/\n");
    }

    @Test
    void forged_answers_end_no_more_than_their_own_call() {
        // The shell's own descriptors are in reach of what it runs: this writes into every one of them.
        var lines = handd.bash("for fd in /proc/$$/fd/*; do printf '7 77\\n8 77\\n' > $fd; done 2>/dev/null");
        var noise = handd.bash("for fd in /proc/$$/fd/*; do printf '%02000d' 7 > $fd; done 2>/dev/null");
        assertThat(lines.flags() | noise.flags()).isZero();
        handd.call(Tool.newShell());
        for (int i = 0; i < 20; i++) {
            assertThat(handd.bash("echo " + i).text()).isEqualTo(i + "\n");
        }
    }
}
