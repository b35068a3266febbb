package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserMessageEventParams;
import com.anthropic.models.beta.sessions.events.EventSendParams;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A fork goes on from any event, and does nothing again that its origin did. The hands are the embedded ones. */
class ForkTest {
    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL, "handloom.hands.provider=jvm");
    private static final AnthropicClient SDK = AnthropicOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + PLATFORM.port())
            .apiKey(Running.KEY)
            .timeout(ModelServer.PATIENCE)
            .responseValidation(true)
            .build();

    /** Whether any command that leaves a trace has run in this sandbox. */
    private static final String LOOK = "{\"command\":\"if [ -f trace ]; then cat trace; else echo clean; fi\"}";

    @AfterAll
    static void stop() throws IOException {
        SDK.close();
        PLATFORM.close();
        MODEL.close();
    }

    @BeforeEach
    void forget() {
        MODEL.forget();
    }

    private static String trace(String word) {
        return "{\"command\":\"echo " + word + " >> trace; cat trace\"}";
    }

    /** Three turns: thinking, two commands at once, a tool of the client's, a message that waited. */
    private static Client.Talk lived() {
        var talk = PLATFORM.client().talk();
        MODEL.answer(
                ModelServer.streamed(Speech.begins()
                        .block("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                                "{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}",
                                "{\"type\":\"signature_delta\",\"signature\":\"c2ln\"}")
                        .text("two commands")
                        .tool("toolu_1", "bash", trace("one"))
                        .tool("toolu_2", "bash", trace("two"))
                        .ends("tool_use")),
                ModelServer.streamed(Speech.begins().tool("toolu_3", "note", "{}").ends("tool_use")),
                ModelServer.streamed(Speech.saying("noted")),
                ModelServer.streamed(Speech.saying("bye")));
        try (var tail = talk.watch()) {
            talk.say("begin");
            var call = Tail.only("agent.custom_tool_use", tail.untilIdle());
            talk.send(Client.noted(call.path("id").asString(), "a note"));
            tail.untilIdle();
            talk.say("and so on");
            tail.untilIdle();
        }
        for (int i = 0; i < 4; i++) {
            Invariants.holdIn(MODEL.asked().messages());
        }
        return talk;
    }

    private static HttpResponse<String> post(String path, String body) {
        try {
            return PLATFORM.client()
                    .http()
                    .send(PLATFORM.client().to(path).POST(BodyPublishers.ofString(body)).build(),
                            BodyHandlers.ofString());
        } catch (IOException | InterruptedException gone) {
            throw new AssertionError(gone);
        }
    }

    private static JsonNode forked(String session, long at) {
        var answer = post("/handloom/v1/sessions/" + session + "/fork", "{\"at\":" + at + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static List<JsonNode> log(String session) {
        var log = new ArrayList<JsonNode>();
        PLATFORM.client().get("/handloom/v1/sessions/" + session + "/log?limit=1000").path("data").forEach(log::add);
        return log;
    }

    private static String typeAndId(JsonNode line) {
        return line.path("position") + " " + line.path("type").asString() + " " + line.path("api_id").asString("-");
    }

    private static void say(String session, String text) {
        SDK.beta()
                .sessions()
                .events()
                .send(EventSendParams.builder()
                        .sessionId(session)
                        .addEvent(BetaManagedAgentsEventParams.ofUserMessage(
                                BetaManagedAgentsUserMessageEventParams.builder().addTextContent(text).build()))
                        .build());
    }

    private static List<BetaManagedAgentsSessionEvent> history(String session) {
        return SDK.beta().sessions().events().list(session).autoPager().stream().toList();
    }

    /** Goes on with a command, and hears what it finds. */
    private static String goesOn(String session) {
        MODEL.answer(
                ModelServer.streamed(Speech.begins().tool("toolu_of_" + session, "bash", LOOK).ends("tool_use")),
                ModelServer.streamed(Speech.saying("went on")));
        try (var stream = SDK.beta().sessions().events().streamStreaming(session)) {
            say(session, "go on");
            var found = "";
            for (var event : stream) {
                if (event.isAgentToolResult()) {
                    found = event.asAgentToolResult().content().orElseThrow().getFirst().asText().text();
                }
                if (event.isSessionStatusIdle()) {
                    break;
                }
            }
            for (int i = 0; i < 2; i++) {
                Invariants.holdIn(MODEL.asked().messages());
            }
            return found;
        }
    }

    @Test
    void a_fork_at_every_event_goes_on_with_a_valid_context_and_runs_nothing_again() {
        var talk = lived();
        var origin = log(talk.id());
        assertThat(origin).hasSizeGreaterThanOrEqualTo(30);
        for (int at = 1; at <= origin.size(); at++) {
            var fork = forked(talk.id(), at);
            var id = fork.path("id").asString();

            assertThat(fork.path("status").asString()).as("at %d", at).isEqualTo("idle");
            assertThat(fork.at("/forked_from/session_id").asString()).isEqualTo(talk.id());
            assertThat(fork.at("/forked_from/at").asInt()).isEqualTo(at);
            var copied = log(id);
            assertThat(copied.subList(0, at)).extracting(ForkTest::typeAndId)
                    .isEqualTo(origin.subList(0, at).stream().map(ForkTest::typeAndId).toList());
            assertThat(copied.get(at).path("type").asString()).isEqualTo("forked");
            assertThat(copied).extracting(line -> line.path("id").asString())
                    .doesNotContainAnyElementsOf(origin.stream().map(line -> line.path("id").asString()).toList());

            assertThat(goesOn(id)).as("at %d", at).contains("clean").doesNotContain("one", "two");
            Invariants.holdIn(new Client.Talk(PLATFORM.client(), id).history());
            assertThat(history(id)).extracting(BetaManagedAgentsSessionEvent::id).doesNotHaveDuplicates();
            assertThat(MODEL.unseen()).as("what nobody asked for").isZero();
        }
        assertThat(log(talk.id())).as("the origin is as it was").isEqualTo(origin);
    }

    @Test
    void a_fork_of_a_fork_outlives_both_its_origins() {
        var talk = lived();
        var first = forked(talk.id(), 12).path("id").asString();
        var second = forked(first, log(first).size()).path("id").asString();
        for (var gone : List.of(talk.id(), first)) {
            SDK.beta().sessions().delete(gone);
        }
        assertThat(goesOn(second)).contains("clean");
        assertThat(log(second).stream().filter(line -> line.path("type").asString().equals("forked"))).hasSize(2);
    }

    @Test
    void a_fork_does_not_disturb_the_command_that_runs_in_its_origin() {
        var talk = PLATFORM.client().talk();
        MODEL.answer(ModelServer.streamed(
                Speech.begins()
                        .tool("toolu_slow", "bash", "{\"command\":\"sleep 2; echo finished\"}")
                        .ends(
                                "tool_use")),
                ModelServer.streamed(Speech.saying("done")));
        try (var tail = talk.watch()) {
            talk.say("slowly");
            tail.until("span.model_request_end");
            var state = PLATFORM.client().get("/handloom/v1/sessions/" + talk.id() + "/state");
            assertThat(state.at("/pending_calls/0/name").asString()).isEqualTo("bash");
            var fork = forked(talk.id(), state.path("at").asLong()).path("id").asString();
            var cut = new Client.Talk(PLATFORM.client(), fork).history();
            assertThat(Tail.only("agent.tool_result", cut).at("/content/0/text").asString())
                    .contains("never re-run in this fork");
            var result = Tail.only("agent.tool_result", tail.untilIdle());
            assertThat(result.at("/content/0/text").asString()).contains("finished");
        }
    }

    @Test
    void a_fork_has_its_own_title_metadata_and_usage_and_keeps_the_thread() {
        var talk = lived();
        var answer = JsonMapper.shared()
                .readTree(post("/handloom/v1/sessions/" + talk.id() + "/fork",
                        "{\"at\":5,\"title\":\"another way\",\"metadata\":{\"try\":\"2\"}}").body());
        assertThat(answer.path("title").asString()).isEqualTo("another way");
        assertThat(answer.at("/metadata/try").asString()).isEqualTo("2");
        assertThat(answer.at("/usage/input_tokens").asInt()).isZero();
        var threads = PLATFORM.client().get("/v1/sessions/" + answer.path("id").asString() + "/threads");
        assertThat(threads.at("/data/0/id"))
                .isEqualTo(PLATFORM.client().get(talk.path() + "/threads").at("/data/0/id"));
        var listed = SDK.beta().sessions().list().autoPager().stream().map(session -> session.id());
        assertThat(listed).contains(answer.path("id").asString());
    }

    @Test
    void a_fork_outside_the_log_or_of_nothing_is_refused() {
        var talk = PLATFORM.client().talk();
        for (var at : List.of("0", "-1", "2", "9999999999")) {
            var refused = post("/handloom/v1/sessions/" + talk.id() + "/fork", "{\"at\":" + at + "}");
            assertThat(refused.statusCode()).as(at).isEqualTo(400);
            assertThat(refused.body()).contains("head of the log, which is 1");
        }
        assertThat(post("/handloom/v1/sessions/" + talk.id() + "/fork", "{}").statusCode()).isEqualTo(400);
        assertThat(post("/handloom/v1/sessions/sesn_none/fork", "{\"at\":1}").statusCode()).isEqualTo(404);
    }
}
