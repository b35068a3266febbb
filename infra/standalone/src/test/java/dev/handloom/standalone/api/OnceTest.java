package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.beta.sessions.SessionCreateParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsEventParams;
import com.anthropic.models.beta.sessions.events.EventSendParams;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests with an Idempotency-Key, made again and again (docs/POSITIONS.md). */
class OnceTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final String SAY = "{\"events\":[{\"type\":\"user.message\",\"content\":"
            + "[{\"type\":\"text\",\"text\":\"hello\"}]}]}";

    private static Wire.Answer post(String path, String body, String... keys) {
        var request = platform.wire().withKey(path).header("Content-Type", "application/json");
        for (var key : keys) {
            request.header("Idempotency-Key", key);
        }
        return platform.wire().send(request.POST(BodyPublishers.ofString(body)));
    }

    private static List<Wire.Answer> allAtOnce(int times, Callable<Wire.Answer> request) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Wire.Answer>();
            for (var answer : threads.invokeAll(java.util.Collections.nCopies(times, request))) {
                answers.add(answer.get());
            }
            return answers;
        } catch (InterruptedException | ExecutionException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void assertUsed(Wire.Answer answer) {
        answer.assertRefused(409, "conflict_error");
        assertThat(answer.message()).startsWith("Idempotency-Key: ");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void events_sent_again_are_answered_alike_and_stored_once() {
        var talk = Talk.with(platform, platform.newSession().id());
        var path = "/v1/sessions/" + talk.sessionId() + "/events";
        var first = post(path, SAY, "again");
        assertThat(first.status()).as(first.http().body()).isEqualTo(200);
        for (var answer : allAtOnce(8, () -> post(path, SAY, "again"))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.http().body()).isEqualTo(first.http().body());
        }
        assertUsed(post(path, SAY.replace("hello", "other"), "again"));
        assertThat(talk.types().stream().filter(type -> type.equals("user.message"))).hasSize(1);
        assertThat(post(path, SAY, "another").json()).isNotEqualTo(first.json());
        var elsewhere = platform.newSession().id();
        assertThat(post("/v1/sessions/" + elsewhere + "/events", SAY, "again").status()).isEqualTo(200);
    }

    @Test
    void the_first_of_many_at_once_is_the_only_one() {
        var talk = Talk.with(platform, platform.newSession().id());
        var bodies = new HashSet<String>();
        for (var answer : allAtOnce(8, () -> post("/v1/sessions/" + talk.sessionId() + "/events", SAY, "race"))) {
            assertThat(answer.status()).isEqualTo(200);
            bodies.add(answer.http().body());
        }
        assertThat(bodies).hasSize(1);
        assertThat(talk.types().stream().filter(type -> type.equals("user.message"))).hasSize(1);
    }

    @Test
    void what_is_created_again_is_what_was_created() {
        var environment = platform.newEnvironment().id();
        var agent = platform.newAgent().id();
        var requests = List.of(
                List.of("/v1/agents", "{\"name\":\"weaver\",\"model\":\"rehearsal\"}", "\"weaver\"", "\"dyer\""),
                List.of("/v1/environments", "{\"name\":\"loom\"}", "\"loom\"", "\"room\""),
                List.of("/v1/sessions", "{\"agent\":\"" + agent + "\",\"environment_id\":\"" + environment
                        + "\",\"title\":\"one\"}", "\"one\"", "\"two\""));
        for (var request : requests) {
            var ids = new HashSet<String>();
            for (var answer : allAtOnce(6, () -> post(request.getFirst(), request.get(1), "made-once"))) {
                assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
                ids.add(answer.id());
            }
            assertThat(ids).as(request.getFirst()).hasSize(1);
            assertUsed(post(request.getFirst(), request.get(1).replace(request.get(2), request.get(3)), "made-once"));
            assertThat(post(request.getFirst(), request.get(1)).id()).isNotIn(ids);
        }
        var deleted = post("/v1/sessions", requests.getLast().get(1), "made-once").id();
        platform.sdk().beta().sessions().delete(deleted);
        assertUsed(post("/v1/sessions", requests.getLast().get(1), "made-once"));
    }

    @Test
    void a_fork_made_again_is_the_same_fork() {
        var session = platform.newSession().id();
        var path = "/handloom/v1/sessions/" + session + "/fork";
        var ids = new HashSet<String>();
        for (var answer : allAtOnce(6, () -> post(path, "{\"at\":1}", "fork"))) {
            assertThat(answer.status()).as(answer.http().body()).isEqualTo(201);
            ids.add(answer.id());
        }
        assertThat(ids).hasSize(1);
        assertUsed(post(path, "{\"at\":1,\"title\":\"x\"}", "fork"));
    }

    @Test
    void the_sdk_can_send_a_key_with_each_request() {
        var params = SessionCreateParams.builder()
                .agent(platform.newAgent().id())
                .environmentId(platform.newEnvironment().id())
                .putAdditionalHeader("Idempotency-Key", "of-the-sdk")
                .build();
        var sessions = platform.sdk().beta().sessions();
        var session = sessions.create(params);
        assertThat(sessions.create(params).id()).isEqualTo(session.id());
        var send = EventSendParams.builder()
                .sessionId(session.id())
                .addEvent(BetaManagedAgentsEventParams.ofUserMessage(
                        Talk.message("hello")))
                .putAdditionalHeader("Idempotency-Key", "of-the-sdk")
                .build();
        assertThat(sessions.events().send(send)).isEqualTo(sessions.events().send(send));
    }

    @Test
    void a_key_that_is_none_is_refused() {
        for (var key : List.of("a b", "k".repeat(256))) {
            var refused = post("/v1/agents", "{\"name\":\"weaver\",\"model\":\"rehearsal\"}", key);
            refused.assertRefused(400, "invalid_request_error");
            assertThat(refused.message()).startsWith("Idempotency-Key: ");
        }
        post("/v1/agents", "{}", "one", "two").assertRefused(400, "invalid_request_error");
    }
}
