package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the model said is what it hears again. */
class VerbatimTest {
    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL);

    @AfterAll
    static void stop() throws IOException {
        PLATFORM.close();
        MODEL.close();
    }

    private static String secondRequestAfter(String firstAnswer) {
        MODEL.answer(ModelServer.streamed(firstAnswer), ModelServer.streamed(Speech.saying("done")));
        var talk = PLATFORM.client().talk();
        try (var tail = talk.watch()) {
            talk.say("go");
            var events = tail.untilIdle();
            for (JsonNode id : events.getLast().path("stop_reason").path("event_ids")) {
                talk.send(Client.noted(id.asString(), "noted"));
            }
            if (Tail.all("agent.custom_tool_use", events).isEmpty()) {
                talk.say("go on");
            }
            tail.untilIdle();
        }
        MODEL.asked();
        return MODEL.asked().body();
    }

    @Test
    void blocks_that_came_whole_are_repeated_byte_for_byte() {
        var redacted = "{\"type\":\"redacted_thinking\",\"data\":\"EmwKAhgBEgy3va3pzix\\/LafPsn4a\"}";
        var unknown = "{\"type\":\"from_the_future\", \"n\":1.0,\"big\":1e5,\"small\":1E-400,"
                + "\"long\":12345678901234567890.12345678901234567890,\"text\":\"caf\\u00e9 \\/ \\ud83d\\ude00 é\","
                + "\"nested\":{\"b\":[1,2.50,null], \"a\":true}}";
        var request = secondRequestAfter(Speech.begins()
                .block(redacted)
                .block(unknown)
                .text("hello")
                .ends("end_turn"));

        assertThat(request).contains(redacted + "," + unknown + ",");
    }

    @Test
    void thinking_and_its_signature_are_repeated_as_they_came_in_pieces() {
        var request = secondRequestAfter(Speech.begins()
                .block("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        "{\"type\":\"thinking_delta\",\"thinking\":\"caf\\u00e9 \\/ \"}",
                        "{\"type\":\"thinking_delta\",\"thinking\":\"\\ud83d\"}",
                        "{\"type\":\"thinking_delta\",\"thinking\":\"\\ude00 \\\"x\\\" é\\n\"}",
                        "{\"type\":\"signature_delta\",\"signature\":\"EqQBCgIYAhIM1gbcDa9GJwZA2b3h\\/+=\"}")
                .text("hello")
                .ends("end_turn"));

        assertThat(request)
                .contains("{\"type\":\"thinking\",\"thinking\":\"caf\\u00e9 \\/ \\ud83d\\ude00 \\\"x\\\" é\\n\","
                        + "\"signature\":\"EqQBCgIYAhIM1gbcDa9GJwZA2b3h\\/+=\"}");
    }

    @Test
    void a_tool_input_keeps_its_number_forms_its_order_and_its_escapes() {
        var input = "{\"b\": 1.0, \"a\":1e5,\"z\":[1E+2,-0.0,123456789012345678901234567890],\"s\":\"\\u00e9\\/é\"}";
        var request = secondRequestAfter(Speech.begins()
                .tool("toolu_1", "note", "", input.substring(0, 7), input.substring(7, 8), input.substring(8))
                .ends("tool_use"));

        assertThat(request)
                .contains("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"note\",\"input\":" + input + "}");
    }

    @Test
    void fields_of_a_tool_use_that_nobody_here_knows_are_repeated_too() {
        var start = "{\"type\":\"tool_use\",\"id\":\"toolu_9\",\"name\":\"note\",\"input\":{},"
                + "\"caller\":{\"type\":\"direct\",\"weight\":1.50}}";
        var request = secondRequestAfter(Speech.begins()
                .block(start, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"x\\\":1.0}\"}")
                .ends("tool_use"));

        assertThat(request).contains(start.replace("{},", "{\"x\":1.0},"));
    }

    @Test
    void citations_are_gathered_as_they_were_sent() {
        var citation = "{\"type\":\"char_location\",\"cited_text\":\"caf\\u00e9\",\"start_char_index\":1.0}";
        var request = secondRequestAfter(Speech.begins()
                .block("{\"type\":\"text\",\"text\":\"\",\"citations\":[]}",
                        "{\"type\":\"text_delta\",\"text\":\"so it says\"}",
                        "{\"type\":\"citations_delta\",\"citation\":" + citation + "}",
                        "{\"type\":\"citations_delta\",\"citation\":" + citation + "}")
                .ends("end_turn"));

        assertThat(request)
                .contains("{\"type\":\"text\",\"text\":\"so it says\",\"citations\":[" + citation + "," + citation
                        + "]}");
    }

    @Test
    void what_a_server_answers_without_streaming_is_kept_the_same_way() {
        var content = "{\"type\":\"text\",\"text\":\"caf\\u00e9\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"note\","
                + "\"input\":{\"a\":1.0,\"b\":1e5}}";
        MODEL.answer(ModelServer.whole(200, "application/json", "{\"id\":\"msg_1\",\"type\":\"message\",\"content\":["
                + content + "],\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":3,\"output_tokens\":2}}"),
                ModelServer.streamed(Speech.saying("done")));
        var talk = PLATFORM.client().talk();
        try (var tail = talk.watch()) {
            talk.say("go");
            var call = Tail.only("agent.custom_tool_use", tail.untilIdle());
            talk.send(Client.noted(call.path("id").asString(), "noted"));
            tail.untilIdle();
        }
        MODEL.asked();

        assertThat(MODEL.asked().body()).contains(content.substring(0, content.length() - 1));
        assertThat(talk.session().at("/usage/input_tokens").asInt()).isEqualTo(13);
    }

    @Test
    void the_same_history_gives_the_same_bytes_up_to_what_is_new() {
        MODEL.answer(ModelServer.streamed(Speech.begins().text("one").ends("end_turn")),
                ModelServer.streamed(Speech.begins().text("two").ends("end_turn")));
        var talk = PLATFORM.client().talk();
        try (var tail = talk.watch()) {
            talk.say("first");
            tail.untilIdle();
            talk.say("second");
            tail.untilIdle();
        }
        var mark = ",\"cache_control\":{\"type\":\"ephemeral\"}";
        var first = MODEL.asked().body().replace(mark, "");
        var second = MODEL.asked().body().replace(mark, "");

        assertThat(second).startsWith(first.substring(0, first.lastIndexOf("]}")));
    }

    @Test
    void the_server_learns_who_asks_which_model_and_how() {
        MODEL.answer(ModelServer.streamed(Speech.begins("{\"input_tokens\":1,\"output_tokens\":1,\"speed\":\"fast\"}")
                .text("yes")
                .ends("end_turn")));
        var talk = PLATFORM.client().talkTo("""
                {"id":"claude-swift","effort":"high","speed":"fast","inference_geo":"us"}""", "[]");
        try (var tail = talk.watch()) {
            talk.say("go");
            var end = Tail.only("span.model_request_end", tail.untilIdle());
            assertThat(end.at("/model_usage/speed").asString()).isEqualTo("fast");
        }
        var asked = MODEL.asked();

        assertThat(asked.path()).isEqualTo("/v1/messages");
        assertThat(asked.headers()).containsEntry("x-api-key", "sk-of-the-model")
                .containsEntry("anthropic-version", "2023-06-01")
                .containsEntry("anthropic-beta", "fast-mode-2026-02-01")
                .doesNotContainKey("authorization");
        assertThat(asked.json().path("model").asString()).isEqualTo("claude-swift");
        assertThat(asked.json().path("inference_geo").asString()).isEqualTo("us");
        assertThat(asked.json().path("stream").asBoolean()).isTrue();
        assertThat(asked.json().has("tools")).isFalse();
    }

    @Test
    void a_delta_is_shown_whole_even_where_the_server_cut_a_character_in_two() {
        MODEL.answer(ModelServer.dripped(Speech.begins()
                .block("{\"type\":\"text\",\"text\":\"\"}",
                        "{\"type\":\"text_delta\",\"text\":\"héé \\ud83d\"}",
                        "{\"type\":\"text_delta\",\"text\":\"\\ude00 so\"}")
                .ends("end_turn"), 1));
        var talk = PLATFORM.client().talk();
        try (var tail = new Tail(talk.client(), talk.path() + "/events/stream?event_deltas[]=agent.message"
                .replace("[", "%5B")
                .replace("]", "%5D"))) {
            talk.say("go");
            var events = tail.untilIdle();
            var shown = new StringBuilder();
            Tail.all("event_delta", events)
                    .forEach(delta -> shown.append(delta.at("/delta/content/text").asString()));

            assertThat(shown.toString()).isEqualTo("héé \ud83d\ude00 so");
            assertThat(Tail.only("agent.message", events).at("/content/0/text").asString())
                    .isEqualTo(shown.toString());
        }
        MODEL.asked();
    }
}
