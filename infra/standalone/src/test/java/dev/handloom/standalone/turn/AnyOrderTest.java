package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.turn.Client.Talk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tools.jackson.databind.JsonNode;

/**
 * Clients that say anything at any time, to a model that answers anything: the history stays a history, and what the
 * model is asked stays a request.
 */
class AnyOrderTest {
    private static final int SESSIONS = 4;
    private static final int ACTIONS = 60;
    private static final String TOOLS = """
            [{"type":"agent_toolset_20260401","configs":[{"name":"write","permission_policy":{"type":"always_ask"}}]},
             {"type":"custom","name":"note","description":"n","input_schema":{"type":"object"}}]""";

    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL, "handloom.hands.provider=jvm");

    @AfterAll
    static void stop() throws IOException {
        PLATFORM.close();
        MODEL.close();
    }

    /** One client and its chances. */
    private record Actor(Talk talk, Random chance) {
        void act() throws IOException {
            switch (chance.nextInt(10)) {
                case 0, 1, 2 -> attempt(Client.message("word " + chance.nextInt(100)));
                case 3 -> attempt(Client.message("word"), Client.system("be brief"));
                case 4 -> attempt(Client.system("be briefer"));
                case 5 -> attempt(Client.INTERRUPT);
                case 6 -> attempt(Client.INTERRUPT, Client.message(" "), Client.message("and now"));
                case 7 -> attempt(Client.noted("sevt_nobody", "x"), Client.message("must not be kept"));
                default -> answerSome();
            }
        }

        private void answerSome() throws IOException {
            var answers = new ArrayList<String>();
            Invariants.owed(talk.history()).forEach((id, call) -> {
                if (chance.nextInt(3) > 0) {
                    answers.add(answer(id, call));
                }
            });
            if (!answers.isEmpty()) {
                if (chance.nextInt(4) == 0) {
                    answers.add(Client.message("by the way"));
                }
                attempt(answers.toArray(String[]::new));
            }
        }

        private String answer(String id, JsonNode call) {
            return Tail.type(call).equals("agent.custom_tool_use")
                    ? Client.noted(id, "noted")
                    : "{\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"" + id + "\",\"result\":\""
                            + (chance.nextBoolean() ? "allow" : "deny") + "\"}";
        }

        /** It may be refused, as a client may be wrong about the state; the platform may not fail. */
        private void attempt(String... events) throws IOException {
            var answer = talk.client().exchange(talk.path() + "/events", Talk.body(events));
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400);
        }
    }

    private static ModelServer.Answer anything(Random chance) {
        return connection -> {
            int which;
            synchronized (chance) {
                which = chance.nextInt(14);
            }
            answer(which).to(connection);
        };
    }

    private static ModelServer.Answer answer(int which) {
        var begun = Speech.begins();
        return switch (which) {
            case 0 -> ModelServer.error(529, "overloaded_error", "busy", "retry-after-ms: 1");
            case 1 -> ModelServer.cutAfter(begun.text("half").soFar());
            case 2 -> ModelServer.error(400, "invalid_request_error", "no");
            case 3 -> ModelServer.streamed(begun.ends("end_turn"));
            case 4 -> ModelServer.streamed(begun.text(" ").text("then").ends("max_tokens"));
            case 5 -> ModelServer.streamed(begun.tool("same", "note", "{\"a\":").ends("max_tokens"));
            case 6 -> ModelServer.streamed(begun.text("I").tool("same", "write", "{}").ends("refusal"));
            case 7 -> ModelServer.streamed(begun.tool("same", "fly", "{}").tool("", "note", "{}").ends("tool_use"));
            case 8, 9 -> ModelServer.streamed(begun.text("let me")
                    .tool("same", "note", "{\"x\":1.0}")
                    .tool("same", "note", "{}")
                    .tool("other", "write", "{\"file_path\":\"/workspace/a\",\"content\":\"a\"}")
                    .ends("tool_use"));
            case 10, 11 -> ModelServer.streamed(begun.tool("b", "bash", "{\"command\":\"echo a\"}")
                    .tool("c", "note", "{}")
                    .ends("tool_use"));
            default -> ModelServer.dripped(Speech.saying("yes"), 40);
        };
    }

    @RepeatedTest(2)
    void a_session_bears_it(RepetitionInfo repetition) throws Exception {
        long seed = 1000L * repetition.getCurrentRepetition();
        MODEL.forget();
        MODEL.otherwise(anything(new Random(seed)));
        var threads = new ArrayList<Thread>();
        var failures = new ConcurrentHashMap<Integer, Throwable>();
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    live(new Actor(PLATFORM.client().talk("claude-test-" + seed, TOOLS),
                            new Random(seed + number)));
                } catch (IOException | RuntimeException | AssertionError failed) {
                    failures.put(number, failed);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(failures).as("with seed " + seed).isEqualTo(Map.of());
        while (MODEL.unseen() > 0) {
            Invariants.holdIn(MODEL.asked().messages());
        }
    }

    private static void live(Actor actor) throws IOException {
        var talk = actor.talk();
        try (var tail = talk.watch()) {
            for (int i = 0; i < ACTIONS; i++) {
                actor.act();
            }
            var stream = rest(talk, tail);
            var history = talk.history();

            Invariants.holdIn(history);
            assertThat(Invariants.asHistory(stream)).containsExactlyElementsOf(history);
        }
    }

    /** Interrupts until nothing goes on any more, not even a turn of what was queued. @return all that was streamed */
    private static List<JsonNode> rest(Talk talk, Tail tail) {
        var stream = new ArrayList<JsonNode>();
        while (true) {
            var id = talk.send(Client.INTERRUPT).get(0).path("id").asString();
            stream.addAll(tail.until(event -> event.path("id").asString().equals(id)));
            var settled = talk.history().stream().filter(event -> !event.path("processed_at").isNull()).toList();
            if (settled.getLast().path("id").asString().equals(id)) {
                return stream;
            }
        }
    }
}
