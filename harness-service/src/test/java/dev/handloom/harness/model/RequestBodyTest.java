package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RequestBodyTest {
    private static final String MARK = "\"cache_control\":{\"type\":\"ephemeral\"}";

    private static String body(
            @Nullable String system,
            List<Json> tools,
            boolean systemRole,
            Model.Message... messages
    ) {
        var request = new Model.Request(new SessionId("sesn_1"), "sevt_1", 1, "m\"1", null, null, null,
                system == null ? null : new Json(system), tools, List.of(messages));
        return new String(RequestBody.of(request, 100, systemRole, true), StandardCharsets.UTF_8);
    }

    private static Model.Message says(String role, String... blocks) {
        return new Model.Message(role, java.util.Arrays.stream(blocks).map(Json::new).toList());
    }

    private static String text(String text) {
        return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void the_smallest_request_has_nothing_but_what_it_must() {
        assertThat(body(null, List.of(), true, says("user", text("hi")))).isEqualTo(
                "{\"model\":\"m\\\"1\",\"max_tokens\":100,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":["
                        + "{\"type\":\"text\",\"text\":\"hi\"," + MARK + "}]}]}");
    }

    @Test
    void what_the_agent_wants_of_its_model_is_passed_on_but_not_what_goes_without_saying() {
        assertThat(ofModel("high", "fast", "us")).contains(",\"thinking\":{\"type\":\"adaptive\"},"
                + "\"output_config\":{\"effort\":\"high\"},\"speed\":\"fast\",\"inference_geo\":\"us\",");
        assertThat(ofModel(null, "standard", null)).doesNotContain("speed", "effort", "thinking", "inference_geo");
    }

    private static String ofModel(@Nullable String effort, String speed, @Nullable String geo) {
        var request = new Model.Request(new SessionId("sesn_1"), "sevt_1", 1, "m", effort, speed, geo, null, List.of(),
                List.of(says("user", text("hi"))));
        return new String(RequestBody.of(request, 100, true, true), StandardCharsets.UTF_8);
    }

    @Test
    void at_most_four_marks_stand_where_nothing_before_them_changes() {
        var body = json(
                body("[" + text("sys") + "]", List.of(new Json("{\"name\":\"a\"}"), new Json("{\"name\":\"b\"}")),
                        true, says("user", text("one")), says("assistant", text("two")),
                        says("user", text("three"), text("four")),
                        says("assistant", text("five")), says("user", text("six"))));

        assertThat(body.at("/tools/0").has("cache_control")).isFalse();
        assertThat(body.at("/tools/1").has("cache_control")).isTrue();
        assertThat(body.at("/system/0").has("cache_control")).isTrue();
        assertThat(body.at("/messages/0/content/0").has("cache_control")).isFalse();
        assertThat(body.at("/messages/2/content/1").has("cache_control")).isTrue();
        assertThat(body.at("/messages/4/content/0").has("cache_control")).isTrue();
        assertThat(body.findValues("cache_control")).hasSize(4);
    }

    @Test
    void no_mark_is_set_where_the_api_takes_none() {
        var body = json(body(null, List.of(), true, says("user", text("one")),
                says("assistant", "{\"type\":\"thinking\",\"thinking\":\"x\",\"signature\":\"s\"}")));

        assertThat(body.findValues("cache_control")).hasSize(1);
        assertThat(body.at("/messages/0/content/0").has("cache_control")).isTrue();
    }

    @Test
    void a_system_message_at_the_end_leaves_the_mark_to_the_user() {
        var body = json(body(null, List.of(), true, says("user", text("one")), says("system", text("two"))));

        assertThat(body.at("/messages/1/role").asString()).isEqualTo("system");
        assertThat(body.at("/messages/1/content/0").has("cache_control")).isFalse();
        assertThat(body.at("/messages/0/content/0").has("cache_control")).isTrue();
    }

    @Test
    void without_system_messages_the_user_says_them_behind_the_rest() {
        var body = json(body(null, List.of(), false, says("user", text("one")), says("system", text("a \\\"b\\\"")),
                says("assistant", text("two")), says("user", text("three"))));

        assertThat(body.path("messages")).hasSize(3);
        assertThat(body.at("/messages/0/content/1/text").asString()).isEqualTo("<system>\na \"b\"\n</system>");
    }

    @Test
    void what_is_stored_is_sent_as_it_stands() {
        var block = "{ \"type\":\"odd\", \"n\":1.0,\"e\":1e5 }";
        var tool = "{\"name\":\"a\",\"input_schema\":{\"minimum\":1.00}}";

        assertThat(body(null, List.of(new Json(tool)), true, says("user", text("x")), says("assistant", block),
                says("user", text("y")))).contains("[" + block + "]", "\"minimum\":1.00");
    }
}
