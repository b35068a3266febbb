package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tool calls of `handloom demo`, in their order, on an embedded hand. */
@NeedsTheShell
class DemoRehearsalTest {
    private static final Path SCRIPT = Path.of("../harness-service/src/main/resources/rehearsal/demo.json");

    @Test
    void the_test_fails_before_the_edit_and_passes_after_it() {
        var calls = JsonMapper.shared()
                .readTree(SCRIPT)
                .path("rules")
                .path(0)
                .path("steps")
                .valueStream()
                .flatMap(step -> step.path("call").valueStream())
                .toList();
        try (var embedded = new Embedded()) {
            assertThat(played(calls, embedded)).containsExactly(
                    new ToolResult("wrote 241 bytes to /workspace/top/top.sh", false),
                    new ToolResult("wrote 398 bytes to /workspace/top/test.sh", false),
                    new ToolResult("wrote 117 bytes to /workspace/top/README.md", false),
                    new ToolResult("""
                            not ok - the most frequent words come first
                            expected:
                            the 3
                            and 2
                            actual:
                            bird 1
                            cat 1
                            """, true),
                    new ToolResult(calls.getFirst().path("input").path("content").asString(), false),
                    new ToolResult("""
                            /workspace/top/top.sh:7:  sort |
                            /workspace/top/top.sh:9:  sort -n |""", false),
                    new ToolResult("replaced 1 occurrence in /workspace/top/top.sh", false),
                    new ToolResult("""
                            ok - the most frequent words come first

                            sh 4
                            top 2
                            n 2
                            """, false));
        }
    }

    private static List<ToolResult> played(List<JsonNode> calls, Embedded embedded) {
        return calls.stream()
                .map(call -> embedded.ask(call.path("name").asString(), call.path("input").toString()))
                .toList();
    }
}
