package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whatever the model answers, the next request is one that the Messages API takes. */
class OddAnswersTest {
    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL);

    private final Client.Talk talk = PLATFORM.client().talk();
    private final Tail tail = talk.watch();

    @AfterEach
    void leave() {
        tail.close();
        MODEL.forget();
    }

    @AfterAll
    static void stop() throws IOException {
        PLATFORM.close();
        MODEL.close();
    }

    private List<JsonNode> turn(String text) {
        talk.say(text);
        return tail.untilIdle();
    }

    private ModelServer.Asked secondRequest() {
        MODEL.asked();
        var second = MODEL.asked();
        Invariants.holdIn(second.messages());
        return second;
    }

    @Test
    void an_answer_without_blocks_ends_the_turn() {
        MODEL.answer(ModelServer.streamed(Speech.begins().ends("end_turn")),
                ModelServer.streamed(Speech.saying("here")));

        assertThat(Tail.types(turn("go"))).endsWith("span.model_request_start", "span.model_request_end",
                "session.thread_status_idle", "session.usage", "session.status_idle");
        turn("are you there?");
        assertThat(secondRequest().messages()).hasSize(1);
    }

    @Test
    void blank_text_is_neither_shown_nor_repeated() {
        MODEL.answer(ModelServer.streamed(Speech.begins().text().text("\n\n").text("hello").ends("end_turn")),
                ModelServer.streamed(Speech.saying("here")));

        assertThat(Tail.only("agent.message", turn("go")).at("/content/0/text").asString()).isEqualTo("hello");
        turn("more");
        assertThat(secondRequest().messages().get(1).path("content")).hasSize(1);
    }

    @Test
    void a_tool_nobody_knows_is_denied_and_the_model_reads_why() {
        MODEL.answer(ModelServer.streamed(Speech.begins().tool("toolu_1", "fly", "{\"to\":\"moon\"}").ends("tool_use")),
                ModelServer.streamed(Speech.saying("then not")));

        var events = turn("go");

        var use = Tail.only("agent.tool_use", events);
        assertThat(use.path("evaluated_permission").asString()).isEqualTo("deny");
        assertThat(use.has("evaluation")).isFalse();
        assertThat(Tail.only("agent.tool_result", events).path("tool_use_id")).isEqualTo(use.path("id"));
        var result = secondRequest().messages().get(2).path("content").get(0);
        assertThat(result.path("is_error").asBoolean()).isTrue();
        assertThat(result.at("/content/0/text").asString()).contains("fly");
    }

    @Test
    void calls_that_share_an_id_or_have_none_are_told_apart() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .tool("call", "note", "{\"n\":1.0}")
                .tool("call", "note", "{\"n\":2.0}")
                .tool("", "note", "{\"n\":3.0}")
                .ends("tool_use")),
                ModelServer.streamed(Speech.begins().tool("call", "note", "{\"n\":4.0}").ends("tool_use")),
                ModelServer.streamed(Speech.saying("done")));
        var first = turn("go");
        for (var use : Tail.all("agent.custom_tool_use", first)) {
            talk.send(Client.noted(use.path("id").asString(), "for " + use.at("/input/n").asInt()));
        }
        var second = tail.until("agent.custom_tool_use").getLast();
        tail.untilIdle();
        talk.send(Client.noted(second.path("id").asString(), "for 4"));
        tail.untilIdle();
        MODEL.asked();
        MODEL.asked();
        var messages = MODEL.asked().messages();

        Invariants.holdIn(messages);
        for (int i = 0; i < 3; i++) {
            var call = messages.get(1).path("content").get(i);
            var result = messages.get(2).path("content").get(i);
            assertThat(result.path("tool_use_id")).isEqualTo(call.path("id"));
            assertThat(result.at("/content/0/text").asString()).isEqualTo("for " + call.at("/input/n").asInt());
        }
        assertThat(messages.at("/1/content/0/id").asString()).isEqualTo("call");
        assertThat(messages.at("/4/content/0/tool_use_id")).isEqualTo(messages.at("/3/content/0/id"));
    }

    @Test
    void a_call_that_the_token_limit_cut_off_is_not_run_and_the_model_may_try_again() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .text("writing")
                .tool("toolu_1", "write", "{\"file_path\":\"/a\",\"content\":\"lon")
                .ends("max_tokens")), ModelServer.streamed(Speech.saying("shorter then")));

        var events = turn("go");

        assertThat(Tail.all("session.error", events)).isEmpty();
        assertThat(Tail.only("agent.tool_use", events).path("evaluated_permission").asString()).isEqualTo("deny");
        assertThat(secondRequest().messages().get(2).at("/content/0/content/0/text").asString()).contains("not run");
    }

    @Test
    void an_input_that_is_no_json_object_is_answered_not_repeated() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .tool("toolu_1", "note", "[1,2]")
                .tool("toolu_2", "note", "{\"a\":1} and more")
                .ends("tool_use")), ModelServer.streamed(Speech.saying("sorry")));

        assertThat(turn("go").getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
        var messages = secondRequest().messages();
        assertThat(messages.at("/1/content/0/input").isObject()).isTrue();
        assertThat(messages.at("/1/content/1/input").isObject()).isTrue();
    }

    @Test
    void reaching_the_token_limit_in_a_text_ends_the_turn_with_what_there_is() {
        MODEL.answer(ModelServer.streamed(Speech.begins().text("and so").ends("max_tokens")));

        var events = turn("go");

        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("and so");
        assertThat(events.getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
    }

    @Test
    void thinking_that_the_token_limit_cut_off_before_its_signature_is_not_repeated() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .block("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        "{\"type\":\"thinking_delta\",\"thinking\":\"let me see\"}")
                .ends("max_tokens")), ModelServer.streamed(Speech.saying("here")));

        turn("go");
        turn("and?");
        assertThat(secondRequest().messages()).hasSize(1);
    }

    @Test
    void a_paused_answer_is_continued_in_the_same_turn() {
        MODEL.answer(ModelServer.streamed(Speech.begins().text("part one").ends("pause_turn")),
                ModelServer.streamed(Speech.begins().text("part two").ends("end_turn")));

        var events = turn("go");

        assertThat(Tail.all("agent.message", events)).hasSize(2);
        assertThat(Tail.all("session.status_idle", events)).hasSize(1);
        MODEL.asked();
        var messages = MODEL.asked().messages();
        assertThat(messages).hasSize(2);
        assertThat(messages.get(1).path("role").asString()).isEqualTo("assistant");
    }

    @Test
    void a_refusal_is_told_with_its_details_and_the_session_goes_on() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .text("I")
                .ends("{\"stop_reason\":\"refusal\",\"stop_details\":{\"type\":\"refusal\",\"category\":\"cyber\","
                        + "\"explanation\":\"no\"}}", "{\"output_tokens\":1}")),
                ModelServer.streamed(Speech.saying("gladly")));

        var idle = turn("go").getLast();

        assertThat(idle.at("/stop_reason/type").asString()).isEqualTo("refusal");
        assertThat(idle.at("/stop_details/category").asString()).isEqualTo("cyber");
        assertThat(turn("something else").getLast().at("/stop_details").isNull()).isTrue();
        secondRequest();
    }

    @Test
    void results_stand_before_whatever_the_user_said_in_the_meantime() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .tool("toolu_1", "note", "{}")
                .tool("toolu_2", "note", "{}")
                .ends("tool_use")), ModelServer.streamed(Speech.saying("done")));
        var events = turn("go");
        var ids = new ArrayList<String>();
        events.getLast().at("/stop_reason/event_ids").forEach(id -> ids.add(id.asString()));
        talk.send(Client.noted(ids.get(1), "two"));
        assertThat(tail.untilIdle().getLast().at("/stop_reason/event_ids")).hasSize(1);
        talk.send(Client.noted(ids.get(0), "one"), Client.message("also"));
        tail.untilIdle();

        var content = secondRequest().messages().get(2).path("content");
        assertThat(content.get(2).path("text").asString()).isEqualTo("also");
    }

    @Test
    void an_interrupt_while_tools_are_owed_answers_them_all() {
        MODEL.answer(ModelServer.streamed(Speech.begins()
                .tool("toolu_1", "note", "{}")
                .tool("toolu_2", "note", "{}")
                .ends("tool_use")), ModelServer.streamed(Speech.saying("done")));
        turn("go");
        talk.send(Client.INTERRUPT, Client.message("never mind"));
        tail.untilIdle();
        tail.untilIdle();

        var content = secondRequest().messages().get(2).path("content");
        assertThat(content.at("/0/content/0/text").asString()).isEqualTo(
                "Tool execution was interrupted before completion. Please retry.");
        assertThat(content.get(2).path("text").asString()).isEqualTo("never mind");
    }

    @Test
    void a_system_message_follows_what_the_user_said_whichever_came_first() {
        MODEL.answer(ModelServer.streamed(Speech.saying("one")), ModelServer.streamed(Speech.saying("two")));
        turn("first");
        talk.send(Client.system("be brief"));
        turn("second");

        var messages = secondRequest().messages();
        assertThat(messages).hasSize(4);
        assertThat(messages.at("/3/role").asString()).isEqualTo("system");
        assertThat(messages.at("/3/content/0/text").asString()).isEqualTo("be brief");
    }

    @Test
    void a_system_message_that_comes_alone_is_told_with_the_next_turn() {
        var held = new Held(ModelServer.streamed(Speech.saying("one")));
        MODEL.answer(held, ModelServer.streamed(Speech.saying("two")));
        talk.say("first");
        held.awaitBegun();
        talk.send(Client.system("be brief"));
        held.release();
        tail.untilIdle();
        turn("second");

        var messages = secondRequest().messages();
        assertThat(messages).hasSize(4);
        assertThat(messages.at("/3/role").asString()).isEqualTo("system");
    }

    @Test
    void where_the_model_takes_no_system_messages_the_user_speaks_them() {
        MODEL.answer(
                ModelServer.error(400, "invalid_request_error", "role 'system' is not supported on this model"),
                ModelServer.streamed(Speech.saying("one")), ModelServer.streamed(Speech.saying("two")));
        var other = PLATFORM.client().talk("claude-of-old", "[]");
        try (var watched = other.watch()) {
            other.send(Client.message("go"), Client.system("be brief"));
            assertThat(Tail.all("session.error", watched.untilIdle())).isEmpty();
            other.say("more");
            watched.untilIdle();
        }

        assertThat(MODEL.asked().messages()).hasSize(2);
        var second = MODEL.asked().messages();
        Invariants.holdIn(second);
        assertThat(second).hasSize(1);
        assertThat(second.at("/0/content/1/text").asString()).contains("be brief");
        var third = MODEL.asked().messages();
        Invariants.holdIn(third);
        assertThat(third).hasSize(3);
    }

    @Test
    void cache_marks_stand_at_the_end_of_what_stays() {
        MODEL.answer(ModelServer.streamed(Speech.begins().tool("toolu_1", "note", "{}").ends("tool_use")),
                ModelServer.streamed(Speech.saying("done")));
        var use = Tail.only("agent.custom_tool_use", turn("go"));
        talk.send(Client.noted(use.path("id").asString(), "noted"));
        tail.untilIdle();

        var request = secondRequest().json();
        assertThat(request.path("tools").get(request.path("tools").size() - 1).has("cache_control")).isTrue();
        assertThat(request.at("/system/0").has("cache_control")).isTrue();
        assertThat(request.at("/messages/0/content/0").has("cache_control")).isTrue();
        assertThat(request.at("/messages/2/content/0").has("cache_control")).isTrue();
        assertThat(request.findValues("cache_control")).hasSizeLessThanOrEqualTo(4);
    }
}
