package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.turn.Client.Talk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** kill -9 of the server: what was acknowledged is there afterwards, once, and every session goes on by itself. */
class KilledTest {
    private static final int WRITERS = 16;
    private static final int ROUNDS = 3;
    private static final int ACKNOWLEDGED_A_ROUND = 300;

    private static final ModelServer MODEL = new ModelServer();
    private static final ServerProcess SERVER = new ServerProcess("handloom.MODEL.base-url=" + MODEL.url(),
            "handloom.MODEL.api-key=sk-of-the-model").start();

    @AfterEach
    void forget() {
        MODEL.forget();
    }

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
        MODEL.close();
    }

    static List<String> ids(Iterable<JsonNode> events) {
        var ids = new ArrayList<String>();
        events.forEach(event -> ids.add(event.path("id").asString()));
        return ids;
    }

    /** The history once the session rests, whether it already does or is still at it. */
    static List<JsonNode> historyAtRest(Talk talk) {
        try (var tail = talk.watch()) {
            if (!talk.session().path("status").asString().equals("idle")) {
                tail.untilIdle();
            }
            return talk.history();
        }
    }

    /** Each is there, once, and in this order. */
    static void assertKept(List<String> ids, List<JsonNode> history) {
        var wanted = new HashSet<>(ids);
        assertThat(ids(history)).doesNotHaveDuplicates()
                .filteredOn(wanted::contains)
                .containsExactlyElementsOf(ids);
    }

    @Test
    void in_the_middle_of_a_model_call() {
        var hang = new Hang(Speech.begins().text("half of an ans").soFar());
        MODEL.answer(hang, ModelServer.streamed(Speech.saying("a whole answer")),
                ModelServer.streamed(Speech.saying("and another")));
        var talk = SERVER.client().talk();
        List<String> seen;
        try (var tail = talk.watch()) {
            var acknowledged = ids(talk.say("go"));
            hang.awaitBegun();
            var queued = ids(talk.say("and this"));
            seen = ids(tail.until(event -> event.path("id").asString().equals(queued.getFirst())));
            assertThat(seen).containsAll(acknowledged);
        }
        SERVER.kill();
        SERVER.start();
        var history = historyAtRest(talk);

        assertKept(seen, history);
        assertThat(Tail.all("agent.message", history)).extracting(event -> event.at("/content/0/text").asString())
                .containsExactly("a whole answer", "and another");
        assertThat(Tail.all("user.message", history)).noneMatch(event -> event.path("processed_at").isNull());
        assertThat(Tail.all("span.model_request_start", history)).hasSameSizeAs(
                Tail.all("span.model_request_end", history));
        assertThat(Tail.all("session.error", history)).isEmpty();
        assertThat(MODEL.asked().body()).isEqualTo(MODEL.asked().body());
    }

    @Test
    void while_a_failed_request_waits_to_be_made_again() {
        MODEL.answer(ModelServer.error(429, "rate_limit_error", "slow down", "retry-after: 6"),
                ModelServer.streamed(Speech.saying("at last")));
        var talk = SERVER.client().talk();
        try (var tail = talk.watch()) {
            talk.say("go");
            tail.until("session.status_rescheduled");
        }
        SERVER.kill();
        SERVER.start();
        var history = historyAtRest(talk);

        assertThat(Tail.only("agent.message", history).at("/content/0/text").asString()).isEqualTo("at last");
        assertThat(Tail.all("session.error", history)).hasSize(1);
    }

    @Test
    void in_a_session_that_is_longer_than_its_snapshot() {
        MODEL.otherwise(ModelServer.streamed(Speech.saying("yes")));
        var talk = SERVER.client().talk();
        var acknowledged = new ArrayList<String>();
        try (var tail = talk.watch()) {
            for (int i = 0; i < 70; i++) {
                acknowledged.addAll(ids(talk.say("number " + i)));
                tail.untilIdle();
            }
        }
        SERVER.kill();
        SERVER.start();
        try (var tail = talk.watch()) {
            acknowledged.addAll(ids(talk.say("and one more")));
            tail.untilIdle();
        }
        var history = talk.history();

        assertThat(history).hasSizeGreaterThan(600);
        assertKept(acknowledged, history);
        assertThat(Tail.only("session.usage", history.subList(history.size() - 3, history.size()))
                .at("/usage/input_tokens")
                .asInt()).isEqualTo(710);
    }

    /** Sends on and on, and keeps what was acknowledged. */
    private static List<String> write(Talk talk, CountDownLatch enough) throws IOException {
        var acknowledged = new ArrayList<String>();
        try {
            for (int i = 0;; i++) {
                var answer = talk.client().exchange(talk.path() + "/events", Talk.body(Client.message("word " + i)));
                if (answer.statusCode() == 200) {
                    acknowledged.addAll(ids(JsonMapper.shared().readTree(answer.body()).path("data")));
                    enough.countDown();
                } else {
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
                    assertThat(answer.body()).contains("inputs waiting");
                }
            }
        } catch (IOException killed) {
            return acknowledged;
        }
    }

    @Test
    void under_a_burst_of_sixteen_writers_again_and_again() throws Exception {
        MODEL.otherwise(ModelServer.streamed(Speech.saying("yes")));
        var talks = IntStream.range(0, WRITERS).mapToObj(_ -> SERVER.client().talk()).toList();
        var acknowledged = new ArrayList<List<String>>();
        talks.forEach(_ -> acknowledged.add(new ArrayList<>()));
        for (int round = 0; round < ROUNDS; round++) {
            var enough = new CountDownLatch(ACKNOWLEDGED_A_ROUND);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var writers = new ArrayList<Future<List<String>>>();
                talks.forEach(talk -> writers.add(threads.submit(() -> write(talk, enough))));
                assertThat(enough.await(ModelServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                SERVER.kill();
                for (int i = 0; i < WRITERS; i++) {
                    acknowledged.get(i).addAll(writers.get(i).get());
                }
            }
            SERVER.start();
        }

        for (int i = 0; i < WRITERS; i++) {
            var history = historyAtRest(talks.get(i));
            assertKept(acknowledged.get(i), history);
            assertThat(Tail.all("user.message", history)).noneMatch(event -> event.path("processed_at").isNull());
            assertThat(Tail.all("span.model_request_start", history)).hasSameSizeAs(
                    Tail.all("span.model_request_end", history));
        }
    }
}
