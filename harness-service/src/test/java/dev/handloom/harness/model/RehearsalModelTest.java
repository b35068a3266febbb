package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RehearsalModelTest {
    private final Heard heard = new Heard();

    private static Script script(Path folder, String json) throws IOException {
        return Script.read(Files.writeString(folder.resolve("script.json"), json));
    }

    private Model.Answer ask(Script script, int attempt, Model.Message... messages) throws Exception {
        return new RehearsalModel(script).ask(new Model.Request(new SessionId("sesn_1"), "sevt_1", attempt, "m", null,
                null, null, null, List.of(), List.of(messages)), heard);
    }

    private static Model.Message says(String role, String text) {
        return new Model.Message(role, List.of(new Json("{\"type\":\"text\",\"text\":"
                + JsonMapper.shared().writeValueAsString(text) + "}")));
    }

    private static Model.Message result(String text) {
        return new Model.Message("user",
                List.of(new Json("{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":["
                        + "{\"type\":\"text\",\"text\":\"" + text + "\"}]}")));
    }

    private static List<String> texts(Model.Answer answer) {
        var texts = new ArrayList<String>();
        answer.blocks()
                .forEach(block -> texts
                        .add(JsonMapper.shared().readTree(block.json().text()).path("text").asString("")));
        return texts;
    }

    @Test
    void the_first_rule_that_fits_is_played_step_by_step(@TempDir Path folder) throws Exception {
        var script = script(folder, """
                {"rules":[{"when":"weave","steps":[{"say":"one"},{"say":["two ","{{result}}"]}]},
                          {"when":"","steps":[{"say":"never"}]}], "otherwise":[{"say":"what?"}]}""");

        assertThat(texts(ask(script, 1, says("user", "please weave")))).containsExactly(RehearsalModel.MARK + "one");
        assertThat(texts(ask(script, 1, says("user", "please weave"), says("assistant", "one"), result("warp"))))
                .containsExactly(RehearsalModel.MARK + "two warp");
    }

    @Test
    void every_answer_says_that_no_model_is_answering(@TempDir Path folder) throws Exception {
        assertThat(texts(ask(script(folder, "{}"), 1, says("user", "hi")))).containsExactly(RehearsalModel.MARK);
    }

    @Test
    void a_message_may_bring_its_own_script(@TempDir Path folder) throws Exception {
        var answer = ask(script(folder, "{}"), 1, says("user", """
                {"rehearse":[{"think":"hm","say":"ok","call":[{"name":"bash","input":{"command":"ls"}}],
                 "tokens":{"input":3,"output":2}}]}"""));

        assertThat(answer.blocks()).extracting(Model.Block::type).containsExactly("thinking", "text", "tool_use");
        assertThat(answer.blocks()).extracting(Model.Block::number).containsExactly(0, 1, 2);
        assertThat(answer.stopReason()).isEqualTo("tool_use");
        assertThat(answer.tokens()).isEqualTo(new Tokens(3, 2, 0, 0, 0));
        assertThat(heard.tokens()).isEqualTo(answer.tokens());
    }

    @Test
    void a_script_that_cannot_be_followed_is_answered_with_the_reason(@TempDir Path folder) throws Exception {
        assertThat(texts(ask(script(folder, "{}"), 1, says("user", "{\"rehearse\":[{\"fault\":{\"kind\":\"rain\"}}]}")))
                .getFirst()).contains("cannot be followed");
        assertThat(texts(ask(script(folder, "{}"), 1, says("user", "{\"rehearse\":["))).getFirst()).contains(
                "cannot be followed");
    }

    @Test
    void a_fault_meets_the_first_attempts_only(@TempDir Path folder) throws Exception {
        var script = script(folder, """
                {"otherwise":[{"say":"x","fault":{"kind":"overloaded","times":2,"retry_after_ms":5}}]}""");

        assertThatThrownBy(() -> ask(script, 2, says("user", "hi"))).isInstanceOfSatisfying(Model.Failed.class,
                failed -> assertThat(failed.kind()).isEqualTo(Model.Kind.OVERLOADED));
        assertThat(texts(ask(script, 3, says("user", "hi")))).containsExactly(RehearsalModel.MARK + "x");
    }

    @Test
    void a_refusal_may_bring_its_details(@TempDir Path folder) throws Exception {
        var answer = ask(script(folder, """
                {"otherwise":[{"stop":"refusal","stop_details":{"category":"cyber"}}]}"""), 1, says("user", "hi"));

        assertThat(answer.stopReason()).isEqualTo("refusal");
        assertThat(answer.stopDetails()).isEqualTo(new Json("{\"category\":\"cyber\"}"));
    }

    @Test
    void a_script_file_that_cannot_be_read_is_named(@TempDir Path folder) {
        assertThatThrownBy(() -> script(folder, "{")).hasMessageContaining("script.json");
        assertThatThrownBy(() -> Script.read(folder.resolve("none.json"))).hasMessageContaining("none.json");
    }

    @Test
    void the_built_in_script_plays_the_demo() {
        assertThat(Script.builtIn().rules()).isNotEmpty();
    }
}
