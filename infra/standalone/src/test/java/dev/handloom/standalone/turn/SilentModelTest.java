package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model's server that takes its time: every wait for it has an end. */
class SilentModelTest {
    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL, "handloom.model.idle-timeout=1s",
            "handloom.model.answer-within=2s", "handloom.model.answer-max=4KB");

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

    @Test
    void silence_is_a_failure_before_the_answer_and_inside_it() {
        var before = new Hang("");
        var inside = new Hang(Speech.begins("{\"input_tokens\":7,\"output_tokens\":0}").soFar());
        MODEL.answer(before, inside, ModelServer.streamed(Speech.saying("whole")));
        talk.say("go");
        var events = tail.untilIdle();

        assertThat(Tail.all("session.error", events)).hasSize(2);
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("whole");
        assertThat(Tail.only("session.usage", events).at("/usage/input_tokens").asInt()).isEqualTo(17);
        before.awaitHungUp();
        inside.awaitHungUp();
    }

    @Test
    void an_answer_that_never_ends_is_given_up_though_it_is_never_silent() {
        MODEL.answer(connection -> {
            connection.head(200, "text/event-stream");
            while (!connection.hungUpWithin(Duration.ofMillis(50))) {
                connection.piece(": still here\n\n");
            }
        }, ModelServer.streamed(Speech.saying("whole")));
        talk.say("go");
        var events = tail.untilIdle();

        assertThat(Tail.only("session.error", events).at("/error/message").asString()).contains("took longer than 2 s");
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("whole");
    }

    @Test
    void an_answer_that_is_too_long_is_given_up() {
        var pieces = IntStream.range(0, 100).mapToObj(i -> "word after word after word ").toArray(String[]::new);
        MODEL.answer(ModelServer.streamed(Speech.begins().text(pieces).ends("end_turn")),
                ModelServer.streamed(Speech.saying("short")));
        talk.say("go");
        var events = tail.untilIdle();

        assertThat(Tail.only("session.error", events).at("/error/message").asString())
                .contains("longer than 4096 bytes");
        assertThat(Tail.only("agent.message", events).at("/content/0/text").asString()).isEqualTo("short");
    }
}
