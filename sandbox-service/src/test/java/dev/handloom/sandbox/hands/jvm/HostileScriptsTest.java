package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that would never end, or would take all there is. After each of them the hand works as before. */
@NeedsTheShell
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileScriptsTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private Embedded embedded;

    @BeforeAll
    void open() {
        embedded = new Embedded();
        embedded.bash("echo kept > /workspace/kept");
    }

    @AfterAll
    void close() {
        embedded.close();
    }

    @AfterEach
    void the_hand_works_as_before() {
        assertThat(embedded.bash("cd /workspace && cat kept")).isEqualTo(new ToolResult("kept\n", false));
        embedded.bash("rm -rf /tmp; mkdir /tmp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"while true; do :; done", "until false; do true; done", "for ((;;)); do :; done",
                "while true; do echo y; done", "while true; do echo y; done | head -n 1",
                "awk 'BEGIN { while (1) i++ }'",
                "jq -n '[range(1e9)] | length'", "echo x | sed ':a; s/x/x/; ta'", "sleep 1000000", "sleep 1000 & wait",
                "while true; do sleep 0.001; done", "tail -f kept; while true; do (:); done",
                "find / -exec sh -c 'while :; do :; done' ';'",
                "echo 'while :; do :; done' > /tmp/loop; sh /tmp/loop", "timeout 100 sh -c 'while :; do :; done'",
                "xargs -n 1 sh -c 'while :; do :; done' <<< 'a b'", "while :; do touch /tmp/x; done",
                "a=(); while true; do a+=(x x x x x x x x x x x x x x x x); done"})
    void what_never_ends_is_ended(String command) {
        var result = embedded.ask(Embedded.bash(command, SHORT));
        assertThat(result.isError()).isTrue();
        assertThat(result.text()).containsAnyOf("[timed out after 200 ms", "limit exceeded");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            textBlock = """
                    bomb() { bomb | bomb & }; bomb                ~ maximum recursion depth (100) exceeded
                    deep() { deep; }; deep                        ~ maximum recursion depth (100) exceeded
                    echo 'sh /tmp/self' > /tmp/self; sh /tmp/self ~ maximum
                    x=a; while true; do x=$x$x; done              ~ string length limit exceeded (8388608 bytes)
                    awk 'BEGIN { s="a"; while (1) s = s s }'      ~ size limit exceeded (8388608 bytes)
                    jq -n '"a" * 1000000000'                      ~ size limit exceeded (8388608 bytes)
                    jq -n '[range(100000000)]'                    ~ element limit exceeded (100000)
                    printf '%1000000000d' 1                       ~ limit exceeded (8388608 bytes)
                    seq 1 100000000                               ~ limit exceeded (100000)
                    echo {1..100000000}                           ~ limit exceeded (10000)
                    """)
    void what_grows_without_end_is_ended_by_its_limit(String command, String limit) {
        var result = embedded.bash(command);
        assertThat(result.isError()).isTrue();
        assertThat(result.text()).contains(limit);
    }

    @Test
    void yes_is_not_there_to_be_endless() {
        assertThat(embedded.bash("yes | head -n 3").text()).startsWith("yes: not in the embedded sandbox");
    }

    @Test
    void a_pattern_that_backtracks_elsewhere_takes_no_time_here() {
        embedded.bash("printf 'a%.0s' {1..300} > /tmp/as");
        assertThat(embedded.bash("grep -cE '(a+)+$' /tmp/as; grep -cE '(a+)+b' /tmp/as").text()).isEqualTo("1\n0\n");
        assertThat(embedded.ask(new ToolInput.Grep("(a+)+b", "/tmp")).text()).isEqualTo("no matches");
    }

    @Test
    void files_have_no_more_room_than_64_megabytes() {
        var mebibyte = "x".repeat(1 << 20);
        for (int i = 0; i < 63; i++) {
            assertThat(embedded.ask(new ToolInput.Write("/tmp/" + i, mebibyte)).isError()).isFalse();
        }
        assertThat(embedded.ask(new ToolInput.Write("/tmp/63", mebibyte)))
                .isEqualTo(new ToolResult("write: /tmp/63: no space left on device", true));
        assertThat(embedded.bash("cp /tmp/1 /tmp/copy").text()).contains("ENOSPC");
        assertThat(embedded.bash("rm /tmp/1; cp /tmp/2 /tmp/copy; ls /tmp | wc -l").text()).endsWith("64\n");
    }

    @Test
    void there_are_no_more_than_10000_files() {
        int made = 0;
        while (!embedded.ask(new ToolInput.Write("/tmp/" + made, "")).isError()) {
            made++;
        }
        assertThat(made).isBetween(9_000, 10_000);
        assertThat(embedded.bash("mkdir /tmp/one-more").text())
                .contains("ENOSPC: no more than 10000 files and folders");
    }
}
