package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.Tokens;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DraftTest {
    private final Heard heard = new Heard();
    private final Draft draft = new Draft(heard);

    private void block(int index, String start, String... deltas) throws IOException {
        draft.startBlock(index, start);
        for (var delta : deltas) {
            draft.grow(index, delta);
        }
        draft.endBlock(index);
    }

    private Model.Answer ended(String stopReason) throws IOException {
        draft.changeMessage(
                json("{\"delta\":{\"stop_reason\":\"" + stopReason + "\"},\"usage\":{\"output_tokens\":9}}"));
        return draft.finish();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void blocks_are_numbered_as_they_start_and_shown_as_they_grow() throws IOException {
        block(0, "{\"type\":\"thinking\",\"thinking\":\"\"}", "{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}",
                "{\"type\":\"signature_delta\",\"signature\":\"s\"}");
        block(1, "{\"type\":\"text\",\"text\":\"a\"}", "{\"type\":\"text_delta\",\"text\":\"b\\n\"}");

        assertThat(heard.words()).containsExactly("0 thinking", "1 text", "1 +a", "1 +b\n");
        assertThat(ended("end_turn").blocks()).extracting(block -> block.json().text())
                .containsExactly("{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"}",
                        "{\"type\":\"text\",\"text\":\"ab\\n\"}");
    }

    @Test
    void a_block_of_an_unknown_kind_grows_by_the_same_rules() throws IOException {
        block(0, "{\"type\":\"odd\",\"data\":\"x\",\"n\":1.0}",
                "{\"type\":\"odd_delta\",\"data\":\"\\u00e9\",\"n\":2.50,"
                        + "\"new\":{\"a\":1e5}}");

        assertThat(ended("end_turn").blocks().getFirst().json().text())
                .isEqualTo("{\"type\":\"odd\",\"data\":\"x\\u00e9\",\"n\":2.50,\"new\":{\"a\":1e5}}");
    }

    @Test
    void each_report_of_usage_replaces_what_it_names() throws IOException {
        draft.startMessage(json("""
                {"usage":{"input_tokens":10,"output_tokens":1,"cache_creation_input_tokens":50,
                 "cache_read_input_tokens":7,"cache_creation":{"ephemeral_1h_input_tokens":20}}}"""));
        assertThat(heard.tokens()).isEqualTo(new Tokens(10, 1, 30, 20, 7));
        assertThat(ended("end_turn").tokens()).isEqualTo(new Tokens(10, 9, 30, 20, 7));
    }

    @Test
    void an_answer_is_complete_only_with_a_stop_reason_and_every_block_ended() throws IOException {
        assertThatThrownBy(draft::finish).isInstanceOf(IOException.class);
        draft.startBlock(0, "{\"type\":\"text\",\"text\":\"a\"}");
        assertThatThrownBy(() -> ended("end_turn")).hasMessageContaining("inside a text block");
    }

    @Test
    void a_stream_that_contradicts_itself_is_no_answer() throws IOException {
        assertThatThrownBy(() -> draft.grow(3, "{\"type\":\"text_delta\",\"text\":\"a\"}")).hasMessageContaining(
                "before it began");
        draft.startBlock(0, "{\"type\":\"text\",\"text\":\"a\"}");
        assertThatThrownBy(() -> draft.startBlock(0, "{\"type\":\"text\",\"text\":\"b\"}"))
                .hasMessageContaining("twice");
    }

    @Test
    void a_call_without_input_has_an_empty_one() throws IOException {
        block(0, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}");

        var call = ended("tool_use").blocks().getFirst();
        assertThat(call.json().text()).isEqualTo("{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}");
        assertThat(call.flaw()).isNull();
    }

    @Test
    void a_call_whose_input_is_no_object_keeps_its_place_and_says_what_is_wrong() throws IOException {
        block(0, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}");
        block(1, "{\"type\":\"tool_use\",\"id\":\"u\",\"name\":\"n\",\"input\":[1]}");

        assertThat(ended("max_tokens").blocks()).allSatisfy(call -> {
            assertThat(json(call.json().text()).path("input")).isEqualTo(json("{}"));
            assertThat(call.flaw()).contains("token limit");
        });
    }

    @Test
    void the_input_of_what_a_server_runs_itself_must_be_whole() throws IOException {
        block(0, "{\"type\":\"server_tool_use\",\"id\":\"t\",\"name\":\"n\",\"input\":{}}",
                "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}");
        assertThatThrownBy(() -> ended("end_turn")).isInstanceOf(IOException.class);
    }

    @Test
    void blank_text_is_left_out_and_the_numbers_of_the_others_stay() throws IOException {
        block(0, "{\"type\":\"text\",\"text\":\" \\n\"}");
        block(1, "{\"type\":\"text\",\"text\":\"a\"}");

        assertThat(ended("end_turn").blocks()).extracting(Model.Block::number).containsExactly(1);
    }
}
