package dev.handloom.sandbox.hands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.Ids;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** What every hand owes its callers, whatever it is made of. A subclass says which provider is meant. */
@Timeout(120)
public abstract class HandContract {
    protected static final Duration DESTROY_WITHIN = Duration.ofSeconds(20);
    protected static final HandsSettings SETTINGS = settings(Duration.ofMinutes(2));

    @TempDir
    protected Path data;
    protected HandProvider provider;
    protected Hand hand;

    protected static HandsSettings settings(Duration orphanTimeout) {
        return new HandsSettings("auto", "handloom/sandbox:1", DataSize.ofMegabytes(512), 1,
                128, DataSize.ofMegabytes(64), Duration.ofSeconds(60),
                Duration.ofSeconds(120), orphanTimeout);
    }

    /** The provider over a data folder; called again to act as the process that comes after a crash. */
    protected abstract HandProvider provider(Path data, HandsSettings settings);

    @BeforeEach
    void provision() throws Exception {
        provider = provider(data, SETTINGS);
        var probe = provider.probe();
        if (!probe.ready()) {
            System.out.println("skipped: hands by " + provider.name() + ": " + probe.why());
        }
        Assumptions.assumeTrue(probe.ready(), probe.why());
        hand = provider.provision(new Recipe(new SessionId(Ids.next("sesn_")), "env_1"));
    }

    @AfterEach
    void destroy() throws Exception {
        if (hand != null) {
            hand.destroy(DESTROY_WITHIN);
        }
        if (provider instanceof AutoCloseable open) {
            open.close();
        }
    }

    // What a model writes, and what it reads.

    protected static ToolCall call(String tool, Object... fields) {
        var input = JsonMapper.shared().createObjectNode();
        for (int i = 0; i < fields.length; i += 2) {
            input.set((String) fields[i], JsonMapper.shared().valueToTree(fields[i + 1]));
        }
        try {
            return new ToolCall(Ids.next("sevt_"), ToolInput.of(tool, new Json(input.toString())));
        } catch (ToolInput.Unfit unfit) {
            throw new AssertionError(unfit);
        }
    }

    protected static ToolCall bash(String command) {
        return call("bash", "command", command);
    }

    protected ToolResult run(ToolCall call) throws HandDied, InterruptedException {
        return hand.execute(call);
    }

    protected String ok(ToolCall call) throws HandDied, InterruptedException {
        var result = run(call);
        assertThat(result.isError()).as(result.text()).isFalse();
        return result.text();
    }

    protected String error(ToolCall call) throws HandDied, InterruptedException {
        var result = run(call);
        assertThat(result.isError()).as(result.text()).isTrue();
        return result.text();
    }

    /** Runs it on a thread of its own. */
    protected Future<ToolResult> begin(ToolCall call) {
        return begin(hand, call);
    }

    protected static Future<ToolResult> begin(Hand hand, ToolCall call) {
        var result = new CompletableFuture<ToolResult>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(hand.execute(call));
            } catch (HandDied | InterruptedException | RuntimeException failed) {
                result.completeExceptionally(failed);
            }
        });
        return result;
    }

    // bash

    @Test
    void a_command_answers_with_what_it_printed() throws Exception {
        assertThat(ok(bash("echo hello; echo world >&2"))).contains("hello").contains("world");
        assertThat(ok(bash("true"))).isEmpty();
    }

    @Test
    void the_shell_keeps_its_directory_variables_and_functions() throws Exception {
        ok(bash("mkdir -p sub && cd sub && export A=1 && B=2 && f() { echo \"f $1\"; }"));
        assertThat(ok(bash("pwd; echo $A $B; f x"))).isEqualToIgnoringNewLines("/workspace/sub1 2f x");
    }

    @Test
    void a_restart_begins_anew_in_the_workspace() throws Exception {
        ok(bash("cd /tmp && A=1"));
        assertThat(ok(call("bash", "restart", true))).isEqualTo("bash session restarted");
        assertThat(ok(bash("echo \"${A-none} $PWD\"")).strip()).isEqualTo("none /workspace");
        ok(bash("A=1"));
        assertThat(ok(call("bash", "restart", true, "command", "echo \"${A-none}\"")).strip()).isEqualTo("none");
    }

    @Test
    void a_failing_command_is_an_error_with_its_output_and_status() throws Exception {
        assertThat(error(bash("echo sorry; (exit 3)"))).isEqualToIgnoringNewLines("sorryexit 3");
        assertThat(error(bash("false"))).isEqualTo("exit 1");
        assertThat(error(bash("no-such-program-here"))).contains("not found").endsWith("exit 127");
    }

    @Test
    void a_command_that_takes_too_long_is_killed_and_what_it_printed_is_kept() throws Exception {
        var text = error(call("bash", "command", "echo begun; sleep 60", "timeout_ms", 500));
        assertThat(text).startsWith("begun").contains("timed out after 500 ms");
        assertThat(ok(bash("echo on we go"))).contains("on we go");
    }

    @Test
    void of_a_long_output_the_end_is_shown_with_the_true_size() throws Exception {
        var text = ok(bash("for i in {1..40000}; do echo line $i; done"));
        assertThat(text).endsWith("line 40000\n").contains("of 428,894 bytes").doesNotContain("line 1\n");
        assertThat(text.length()).isLessThan(ToolInput.OUTPUT_BYTES_MAX + 200);
    }

    @Test
    void colours_are_taken_out_and_what_is_no_text_is_replaced() throws Exception {
        assertThat(ok(bash("printf '\\033[1;31mred\\033[0m plain'"))).isEqualTo("red plain");
        assertThat(ok(bash("printf 'a\\xff\\xfeb'"))).isEqualTo("a\uFFFD\uFFFDb");
        assertThat(ok(bash("printf 'Käse ✓'"))).isEqualTo("Käse ✓");
    }

    // files

    @Test
    void what_is_written_can_be_read_by_either_way() throws Exception {
        var text = "first\nzweite Zeile ✓\nthird\n";
        assertThat(ok(call("write", "file_path", "deep/er/a.txt", "content", text)))
                .contains("created")
                .contains("/workspace/deep/er/a.txt");
        assertThat(ok(call("read", "file_path", "/workspace/deep/er/a.txt"))).isEqualTo(text);
        assertThat(ok(bash("cat /workspace/deep/er/a.txt"))).isEqualTo(text);
        assertThat(ok(call("write", "file_path", "deep/er/a.txt", "content", "x"))).contains("overwrote");
        assertThat(ok(call("read", "file_path", "deep/er/a.txt"))).isEqualTo("x");
    }

    @Test
    void lines_are_read_by_their_numbers() throws Exception {
        ok(call("write", "file_path", "n.txt", "content", "1\n2\n3\n4\n5\n"));
        assertThat(ok(call("read", "file_path", "n.txt", "view_range", List.of(2, 3)))).isEqualTo("2\n3\n");
        assertThat(ok(call("read", "file_path", "n.txt", "view_range", List.of(4, -1)))).isEqualTo("4\n5\n");
        assertThat(error(call("read", "file_path", "n.txt", "view_range", List.of(9, 12)))).contains("has 5 lines");
    }

    @Test
    void a_file_beyond_the_limit_is_read_in_parts_only() throws Exception {
        ok(bash("head -c 262144 /dev/zero | tr '\\0' 'x' > fits.txt"));
        assertThat(ok(call("read", "file_path", "fits.txt"))).hasSize(262_144);
        ok(bash("for i in {1..30000}; do echo line number $i; done > long.txt"));
        assertThat(error(call("read", "file_path", "long.txt")))
                .contains("view_range")
                .contains("528,894 bytes")
                .contains("262,144");
        assertThat(ok(call("read", "file_path", "long.txt", "view_range", List.of(29_999, 0))))
                .isEqualTo("line number 29999\nline number 30000\n");
        assertThat(ok(call("read", "file_path", "long.txt", "view_range", List.of(1, 0))))
                .startsWith("line number 1\n")
                .contains("[cut in line ")
                .contains("528,894");
    }

    @Test
    void only_regular_files_that_are_there_are_read() throws Exception {
        assertThat(error(call("read", "file_path", "none.txt"))).startsWith("read: ").contains("none.txt");
        assertThat(error(call("read", "file_path", "/workspace"))).startsWith("read: ");
    }

    @Test
    void an_edit_replaces_what_is_there_once() throws Exception {
        ok(call("write", "file_path", "e.txt", "content", "one two two three"));
        assertThat(ok(call("edit", "file_path", "e.txt", "old_string", "one", "new_string", "1"))).contains("e.txt");
        assertThat(error(call("edit", "file_path", "e.txt", "old_string", "two", "new_string", "2"))).contains("2");
        assertThat(error(call("edit", "file_path", "e.txt", "old_string", "four", "new_string", "4")))
                .startsWith("edit: ");
        assertThat(ok(call("edit", "file_path", "e.txt", "old_string", "two", "new_string", "2", "replace_all", true)))
                .contains("2 replacements");
        assertThat(ok(call("read", "file_path", "e.txt"))).isEqualTo("1 2 2 three");
        assertThat(error(call("edit", "file_path", "none", "old_string", "a", "new_string", "b"))).contains("none");
    }

    // looking for files

    @Test
    void glob_finds_files_by_pattern_newest_first() throws Exception {
        ok(bash("mkdir -p src/a .git node_modules/x; touch -d '2020-01-01' src/old.py; touch -d '2021-01-01' src/a/new.py; "
                + "touch .git/c.py node_modules/x/d.py src/b.txt"));
        assertThat(ok(call("glob", "pattern", "**/*.py")).lines())
                .containsExactly("/workspace/src/a/new.py", "/workspace/src/old.py");
        assertThat(ok(call("glob", "pattern", "*.py", "path", "src")).lines()).containsExactly("/workspace/src/old.py");
        assertThat(ok(call("glob", "pattern", "*.java"))).isEqualTo("no matches");
        assertThat(error(call("glob", "pattern", "*", "path", "nowhere"))).startsWith("glob: ");
    }

    @Test
    void glob_stops_at_its_limit_and_says_so() throws Exception {
        ok(bash("for i in {1..250}; do echo > f$i.txt; done"));
        assertThat(ok(call("glob", "pattern", "*.txt")).lines()).hasSize(ToolInput.PATHS_MAX + 1)
                .last()
                .asString()
                .contains("more files match");
    }

    @Test
    void grep_finds_lines() throws Exception {
        ok(bash("mkdir -p src node_modules .git .hidden; echo 'int x = 1;' > src/a.c; printf 'no\\nint y;\\n' > src/b.c; "
                + "echo int > node_modules/c; echo int > .git/d; echo 'int z' > .hidden/e"));
        assertThat(ok(call("grep", "pattern", "int [xyz]")).lines()).containsExactlyInAnyOrder(
                "/workspace/.hidden/e:1:int z", "/workspace/src/a.c:1:int x = 1;", "/workspace/src/b.c:2:int y;");
        assertThat(ok(call("grep", "pattern", "int", "path", "src/b.c"))).isEqualTo("/workspace/src/b.c:2:int y;");
        assertThat(ok(call("grep", "pattern", "nothing like it"))).isEqualTo("no matches");
    }

    @Test
    void grep_says_what_is_wrong_with_what_it_was_asked() throws Exception {
        ok(bash("echo a > a"));
        assertThat(error(call("grep", "pattern", "a(b"))).containsPattern("(?i)unclosed|unmatched|parenthes");
        assertThat(error(call("grep", "pattern", "a", "path", "nowhere"))).contains("nowhere");
        assertThat(ok(call("grep", "pattern", "-a"))).isEqualTo("no matches");
    }

    @Test
    void grep_cuts_long_lines_and_long_outputs() throws Exception {
        ok(bash("head -c 500000 /dev/zero | tr '\\0' x > long.txt"));
        assertThat(ok(call("grep", "pattern", "xx"))).hasSizeLessThan(ToolInput.LINE_CHARS_MAX + 100)
                .endsWith("[line cut]");
        ok(bash("for i in {1..20000}; do echo needle $i; done > many.txt"));
        assertThat(ok(call("grep", "pattern", "needle"))).hasSizeLessThan(ToolInput.OUTPUT_BYTES_MAX + 200)
                .contains("this is its beginning");
    }

    // calls side by side, and their end

    @Test
    void calls_run_side_by_side_and_each_gets_its_own_answer() throws Exception {
        var calls = IntStream.range(0, 40)
                .mapToObj(i -> i % 2 == 0
                        ? bash("echo bash " + i)
                        : call("write", "file_path", "f" + i, "content", "write " + i))
                .toList();
        var results = calls.stream().map(this::begin).toList();
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get().text()).as("call %d", i).contains(i % 2 == 0 ? "bash " + i : "f" + i);
        }
    }

    @Test
    void files_can_be_read_while_the_shell_is_busy() throws Exception {
        ok(call("write", "file_path", "go.txt", "content", "x"));
        var busy = begin(bash("while [ ! -e stop ]; do sleep 0.02; done; echo stopped"));
        assertThat(ok(call("read", "file_path", "go.txt"))).isEqualTo("x");
        assertThat(busy.isDone()).isFalse();
        ok(call("write", "file_path", "stop", "content", ""));
        assertThat(busy.get().text()).contains("stopped");
    }

    @Test
    void more_calls_than_a_hand_takes_are_refused_at_once() throws Exception {
        var calls = IntStream.range(0, 70).mapToObj(i -> begin(bash("sleep 0.01; echo " + i))).toList();
        int refused = 0;
        for (var result : calls) {
            refused += result.get().text().contains("already") ? 1 : 0;
        }
        assertThat(refused).isPositive().isLessThan(70);
        assertThat(ok(bash("echo still here"))).contains("still here");
    }

    @Test
    void a_call_runs_once_however_often_it_is_sent() throws Exception {
        var once = bash("echo ran >> count; wc -l < count");
        assertThat(ok(once).strip()).isEqualTo("1");
        assertThat(ok(once).strip()).isEqualTo("1");
        assertThat(hand.attach(once).orElseThrow().text().strip()).isEqualTo("1");
        assertThat(ok(bash("wc -l < count")).strip()).isEqualTo("1");
    }

    @Test
    void a_call_never_sent_or_forgotten_is_unknown() throws Exception {
        assertThat(hand.attach(bash("echo never sent"))).isEmpty();
        var forgotten = bash("echo x");
        ok(forgotten);
        hand.forget(forgotten.toolUseId());
        assertThat(hand.attach(forgotten)).isEmpty();
    }

    @Test
    void a_cancelled_command_ends_with_its_children() throws Exception {
        var running = bash("echo begun > begun; sleep 300 & sleep 300; wait");
        var result = begin(running);
        waitFor("begun");
        hand.cancel(running.toolUseId());
        assertThat(result.get(20, TimeUnit.SECONDS).isError()).isTrue();
        assertThat(ok(bash("echo next"))).contains("next");
    }

    @Test
    void an_interrupted_caller_leaves_nothing_running() throws Exception {
        var thread = new CompletableFuture<Thread>();
        var outcome = new CompletableFuture<String>();
        Thread.startVirtualThread(() -> {
            thread.complete(Thread.currentThread());
            try {
                outcome.complete(hand.execute(bash("echo > begun; sleep 300")).text());
            } catch (InterruptedException stopped) {
                outcome.complete("interrupted");
            } catch (HandDied died) {
                outcome.completeExceptionally(died);
            }
        });
        waitFor("begun");
        thread.get().interrupt();
        assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
        assertThat(ok(bash("echo next"))).contains("next");
    }

    @Test
    void after_destroy_there_is_nothing_to_call() throws Exception {
        ok(bash("echo x > x"));
        hand.destroy(DESTROY_WITHIN);
        assertThat(hand.alive()).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var late = threads.submit(() -> hand.execute(bash("cat x")));
            assertThat(late).failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(HandDied.class);
        }
    }

    /** Until a call that runs has come so far. */
    protected void waitFor(String file) throws HandDied, InterruptedException {
        while (run(call("read", "file_path", file)).isError()) {
            Thread.onSpinWait();
        }
    }
}
