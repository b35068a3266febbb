package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What becomes of a turn when the model's server does not do what it should. */
class FailingModelTest {
    private static final String SOON = "retry-after-ms: 1";

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

    private static String error(JsonNode event) {
        return event.at("/error/type").asString() + " " + event.at("/error/retry_status/type").asString();
    }

    @ParameterizedTest
    @CsvSource({"429,rate_limit_error,model_rate_limited_error", "529,overloaded_error,model_overloaded_error",
        "500,api_error,model_request_failed_error", "503,api_error,model_request_failed_error",
        "408,timeout_error,model_request_failed_error"})
    void a_passing_failure_is_shown_and_the_request_made_again(int status, String type, String shown) {
        MODEL.answer(ModelServer.error(status, type, "not now", SOON),
                ModelServer.error(status, type, "not yet", SOON), ModelServer.streamed(Speech.saying("at last")));

        var events = turn("go");

        assertThat(Tail.all("session.error", events)).extracting(FailingModelTest::error)
                .containsExactly(shown + " retrying", shown + " retrying");
        assertThat(Tail.all("span.model_request_end", events)).extracting(span -> span.path("is_error").asBoolean())
                .containsExactly(true, true, false);
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("at last");
        assertThat(events.getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
        assertThat(MODEL.asked().body()).isEqualTo(MODEL.asked().body()).isEqualTo(MODEL.asked().body());
    }

    @ParameterizedTest
    @CsvSource({"400,invalid_request_error,model_request_failed_error",
        "401,authentication_error,model_request_failed_error", "402,billing_error,billing_error",
        "404,not_found_error,model_request_failed_error", "413,request_too_large,model_request_failed_error"})
    void a_lasting_failure_ends_the_turn_at_once_and_the_session_stays_usable(int status, String type, String shown) {
        MODEL.answer(ModelServer.error(status, type, "never"), ModelServer.streamed(Speech.saying("fine")));

        var events = turn("go");

        assertThat(error(Tail.only("session.error", events))).isEqualTo(shown + " exhausted");
        assertThat(Tail.only("session.error", events).at("/error/message").asString()).contains("never");
        assertThat(events.getLast().at("/stop_reason/type").asString()).isEqualTo("retries_exhausted");
        assertThat(Tail.only("agent.message", turn("again")).at("/content/0/text").asString()).isEqualTo("fine");
    }

    @Test
    void five_attempts_are_made_then_the_turn_is_given_up_and_what_was_queued_is_flushed() {
        for (int i = 0; i < 4; i++) {
            MODEL.answer(ModelServer.error(529, "overloaded_error", "busy", SOON));
        }
        var last = new Held(ModelServer.error(529, "overloaded_error", "busy"));
        MODEL.answer(last);
        talk.say("go");
        last.awaitBegun();
        talk.say("and this");
        last.release();
        var events = tail.untilIdle();

        assertThat(Tail.all("session.error", events))
                .extracting(error -> error.at("/error/retry_status/type").asString())
                .containsExactly("retrying", "retrying", "retrying", "retrying", "exhausted");
        assertThat(Tail.all("user.message", events)).extracting(message -> message.path("processed_at").isNull())
                .containsExactly(false, true, false);
        assertThat(events.getLast().at("/stop_reason/type").asString()).isEqualTo("retries_exhausted");
    }

    @Test
    void an_error_inside_the_stream_leaves_nothing_of_the_half_answer_and_its_tokens_are_counted() {
        MODEL.answer(ModelServer.streamed(Speech.begins("{\"input_tokens\":7,\"output_tokens\":2}")
                .text("half")
                .event("error", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}")
                .soFar()), ModelServer.streamed(Speech.saying("whole")));

        var events = turn("go");

        assertThat(error(Tail.only("session.error", events))).isEqualTo("model_overloaded_error retrying");
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("whole");
        assertThat(Tail.only("session.usage", events).at("/usage/input_tokens").asInt()).isEqualTo(17);
        assertThat(Tail.only("session.usage", events).at("/usage/output_tokens").asInt()).isEqualTo(7);
    }

    @Test
    void a_cut_connection_is_a_failure_even_after_whole_blocks() {
        MODEL.answer(ModelServer.cutAfter(Speech.begins().text("half").tool("toolu_1", "bash", "{\"comm").soFar()),
                ModelServer.cutAfter(Speech.begins().text("half").soFar()),
                ModelServer.streamed(Speech.begins().text("no end").soFar()),
                ModelServer.streamed(Speech.saying("whole")));

        var events = turn("go");

        assertThat(Tail.all("session.error", events)).extracting(FailingModelTest::error)
                .containsExactly("model_request_failed_error retrying", "model_request_failed_error retrying",
                        "model_request_failed_error retrying");
        assertThat(Tail.all("agent.tool_use", events)).isEmpty();
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("whole");
    }

    @Test
    void what_is_not_the_messages_api_is_a_failure_that_says_so() {
        MODEL.answer(ModelServer.whole(502, "text/html", "<html>Bad Gateway</html>"),
                ModelServer.streamed("data: {\"type\":\n\n"), ModelServer.whole(200, "application/json", "[1,2"),
                ModelServer.streamed(Speech.saying("whole")));

        var events = turn("go");

        assertThat(Tail.all("session.error", events)).hasSize(3)
                .allSatisfy(error -> assertThat(error.at("/error/type").asString()).isEqualTo(
                        "model_request_failed_error"));
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("whole");
    }

    @Test
    void a_drip_of_single_bytes_with_comments_and_pings_is_read_like_anything_else() {
        MODEL.answer(ModelServer.dripped(": hello\r\n\r\n" + Speech.begins()
                .event("ping", "{\"type\":\"ping\"}")
                .text("sl", "ow é")
                .ends("end_turn")
                .replace("\n", "\r\n"), 1));

        assertThat(Tail.only("agent.message", turn("go")).at("/content/0/text").asString()).isEqualTo("slow é");
    }

    @Test
    void a_wait_of_five_seconds_or_more_is_rescheduled_and_an_interrupt_ends_it() {
        MODEL.answer(ModelServer.error(429, "rate_limit_error", "slow down", "retry-after: 60"));
        talk.say("go");
        var events = tail.until("session.status_rescheduled");
        assertThat(Tail.types(events)).endsWith("span.model_request_start", "span.model_request_end", "session.error",
                "session.thread_status_rescheduled", "session.status_rescheduled");
        assertThat(talk.session().path("status").asString()).isEqualTo("rescheduling");
        assertThat(talk.client().refused(talk.path() + "/archive", "")).contains("running");
        talk.say("queued meanwhile");
        talk.send(Client.INTERRUPT);
        assertThat(Tail.types(tail.untilIdle())).containsExactly("user.message", "user.interrupt",
                "session.thread_status_idle", "session.usage", "session.status_idle");
        MODEL.answer(ModelServer.streamed(Speech.saying("after all")));

        assertThat(Tail.types(tail.untilIdle())).containsExactly("session.status_running",
                "session.thread_status_running", "user.message", "span.model_request_start", "agent.message",
                "span.model_request_end", "session.thread_status_idle", "session.usage", "session.status_idle");
    }

    @Test
    void an_interrupted_request_is_hung_up_and_what_it_is_known_to_have_cost_is_counted() {
        var hang = new Hang(Speech.begins("{\"input_tokens\":70,\"output_tokens\":3}").soFar());
        MODEL.answer(hang, ModelServer.streamed(Speech.saying("next")));
        talk.say("go");
        hang.awaitBegun();
        talk.send(Client.INTERRUPT);
        var events = tail.untilIdle();

        assertThat(Tail.types(events)).endsWith("span.model_request_start", "span.model_request_end", "user.interrupt",
                "session.thread_status_idle", "session.usage", "session.status_idle");
        assertThat(events.getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
        hang.awaitHungUp();
        assertThat(Tail.only("session.usage", turn("more")).at("/usage/input_tokens").asInt()).isEqualTo(80);
    }
}
