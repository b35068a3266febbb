package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the contract's list of endpoints (contract/README.md §2): each is answered, or refused with a reason. */
class EndpointTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    static final List<String> BUILT = List.of(
            "POST /v1/agents", "GET /v1/agents/{agent}", "POST /v1/agents/{agent}", "GET /v1/agents",
            "POST /v1/agents/{agent}/archive", "GET /v1/agents/{agent}/versions",
            "POST /v1/environments", "GET /v1/environments/{env}", "POST /v1/environments/{env}",
            "GET /v1/environments", "DELETE /v1/environments/{env}", "POST /v1/environments/{env}/archive",
            "POST /v1/sessions", "GET /v1/sessions/{session}", "POST /v1/sessions/{session}", "GET /v1/sessions",
            "DELETE /v1/sessions/{session}", "POST /v1/sessions/{session}/archive",
            "POST /v1/sessions/{session}/events", "GET /v1/sessions/{session}/events",
            "GET /v1/sessions/{session}/events/stream",
            "GET /v1/sessions/{session}/threads", "GET /v1/sessions/{session}/threads/{thread}",
            "POST /v1/sessions/{session}/threads/{thread}/archive",
            "GET /v1/sessions/{session}/threads/{thread}/events",
            "GET /v1/sessions/{session}/threads/{thread}/stream",
            "GET /v1/models", "GET /v1/models/rehearsal");

    /** What the first release must have and later ones bring. */
    static final List<String> AWAITED = List.of(
            "GET /v1/environments/{env}/work/poll", "POST /v1/environments/{env}/work/x/ack",
            "POST /v1/environments/{env}/work/x/heartbeat", "POST /v1/environments/{env}/work/x/stop",
            "GET /v1/environments/{env}/work/stats", "GET /v1/environments/{env}/work",
            "GET /v1/environments/{env}/work/x", "POST /v1/environments/{env}/work/x",
            "GET /v1/sessions/{session}/resources", "POST /v1/sessions/{session}/resources",
            "GET /v1/sessions/{session}/resources/x", "POST /v1/sessions/{session}/resources/x",
            "DELETE /v1/sessions/{session}/resources/x",
            "POST /v1/vaults", "GET /v1/vaults/x", "POST /v1/vaults/x", "GET /v1/vaults", "DELETE /v1/vaults/x",
            "POST /v1/vaults/x/archive", "POST /v1/vaults/x/credentials", "GET /v1/vaults/x/credentials/y",
            "POST /v1/vaults/x/credentials/y", "GET /v1/vaults/x/credentials", "DELETE /v1/vaults/x/credentials/y",
            "POST /v1/vaults/x/credentials/y/archive", "POST /v1/vaults/x/credentials/y/mcp_oauth_validate",
            "POST /v1/files", "GET /v1/files", "GET /v1/files/x", "GET /v1/files/x/content", "DELETE /v1/files/x");

    /** Of lower priority. */
    static final List<String> LATER = List.of(
            "POST /v1/memory_stores", "GET /v1/memory_stores/x", "POST /v1/memory_stores/x/archive",
            "POST /v1/memory_stores/x/memories", "DELETE /v1/memory_stores/x/memories/y",
            "POST /v1/memory_stores/x/memory_versions/y/redact", "POST /v1/skills", "GET /v1/skills/x/versions/latest",
            "GET /v1/skills/x/versions/1/content", "POST /v1/deployments", "POST /v1/deployments/x/run",
            "GET /v1/deployment_runs", "GET /v1/deployment_runs/x", "POST /v1/dreams", "POST /v1/dreams/x/cancel",
            "GET /v1/user_profiles", "POST /v1/user_profiles/x/enrollment_url", "POST /v1/tunnels/x/rotate_token",
            "GET /v1/tunnels/x/certificates");

    private static Wire.Answer send(String endpoint, String session) {
        var thread = platform.wire().get("/v1/sessions/" + session + "/threads").ids().getFirst();
        var read = platform.wire().get("/v1/sessions/" + session).json();
        var parts = endpoint.replace("{session}", session)
                .replace("{thread}", thread)
                .replace("{agent}", read.at("/agent/id").asString())
                .replace("{env}", read.path("environment_id").asString())
                .split(" ", 2);
        return platform.wire().send(platform.wire().withKey(parts[1]).method(parts[0], BodyPublishers.noBody()));
    }

    @ParameterizedTest
    @FieldSource("BUILT")
    void what_is_built_answers(String endpoint) {
        var session = platform.newSession().id();
        if (endpoint.endsWith("/stream")) {
            platform.sdk().beta().sessions().archive(session); // Or the stream would never end.
        }
        var answer = send(endpoint, session);
        assertThat(answer.header("request-id")).matches("req_01\\w{22}");
        assertThat(answer.status()).as(answer.http().body()).isIn(200, 400, 409);
        if (answer.status() != 200) {
            assertThat(answer.message()).as("about the request, not about the endpoint").isNotEmpty();
        }
    }

    @Test
    void half_of_the_first_priority_is_built() {
        assertThat(BUILT.stream().filter(endpoint -> !endpoint.contains("/models"))).hasSize(26);
        assertThat(AWAITED).hasSize(57 - 26);
    }

    static Stream<String> notBuilt() {
        return Stream.concat(AWAITED.stream(), LATER.stream());
    }

    @ParameterizedTest
    @MethodSource("notBuilt")
    void what_is_not_built_says_so_in_the_envelope(String endpoint) {
        var answer = send(endpoint, platform.newSession().id());
        answer.assertRefused(501, "api_error");
        assertThat(answer.message()).startsWith("Not built yet: ");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(answer.json().path("request_id").asString()).isEqualTo(answer.header("request-id"));
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                Arguments.of("agent", "GET /v1/agents/{}"), Arguments.of("agent", "POST /v1/agents/{}"),
                Arguments.of("agent", "POST /v1/agents/{}/archive"),
                Arguments.of("agent", "GET /v1/agents/{}/versions"),
                Arguments.of("env", "GET /v1/environments/{}"), Arguments.of("env", "POST /v1/environments/{}"),
                Arguments.of("env", "DELETE /v1/environments/{}"),
                Arguments.of("env", "POST /v1/environments/{}/archive"),
                Arguments.of("sesn", "GET /v1/sessions/{}"), Arguments.of("sesn", "POST /v1/sessions/{}"),
                Arguments.of("sesn", "DELETE /v1/sessions/{}"), Arguments.of("sesn", "POST /v1/sessions/{}/archive"),
                Arguments.of("sesn", "GET /v1/sessions/{}/events"),
                Arguments.of("sesn", "GET /v1/sessions/{}/events/stream"),
                Arguments.of("sesn", "GET /v1/sessions/{}/threads"),
                Arguments.of("sesn", "GET /v1/sessions/{}/threads/sthr_01x"),
                Arguments.of("sesn", "GET /v1/sessions/{}/threads/sthr_01x/events"),
                Arguments.of("sesn", "GET /v1/sessions/{}/threads/sthr_01x/stream"),
                Arguments.of("sesn", "POST /v1/sessions/{}/threads/sthr_01x/archive"));
    }

    /** An id of the right form, one of the wrong kind, one of no form, a long one, an odd one. */
    @ParameterizedTest(name = "{1}")
    @MethodSource("unknown")
    void an_id_that_names_nothing_is_a_404(String kind, String endpoint) {
        var session = platform.newSession();
        var ids = List.of(kind + "_011CZkYpogX7uDKUyvBTophP", kind.equals("sesn") ? session.agent().id() : session.id(),
                session.environmentId().replace("env_", kind + "_x"), "x", "x".repeat(4000),
                "%C3%BC%F0%9F%A7%B5", "a%20b", "'%22%3B--", "~");
        for (var id : ids) {
            var answer = send(endpoint.replace("{}", id), session.id());
            answer.assertRefused(404, "not_found_error");
            assertThat(answer.header("request-id")).startsWith("req_");
        }
    }

    @ParameterizedTest
    @FieldSource("BUILT")
    void no_other_method_than_the_contracts_is_taken(String endpoint) {
        var path = endpoint.split(" ", 2)[1];
        for (var method : List.of("PUT", "PATCH", "DELETE", "POST", "GET")) {
            if (!BUILT.contains(method + " " + path)) {
                var answer = send(method + " " + path, platform.newSession().id());
                answer.assertRefused(405, "invalid_request_error");
                assertThat(answer.header("Allow")).isNotEmpty();
            }
        }
    }

    @Test
    void a_path_of_no_kind_is_a_404_in_the_envelope() {
        for (var path : List.of("/v1", "/v1/", "/v1/agent", "/v1/agents/", "/v1/agents/a/b/c", "/v2/agents", "/",
                "/v1/sessions/x/nothing", "/v1/messages")) {
            var answer = platform.wire().get(path);
            answer.assertRefused(404, "not_found_error");
            assertThat(answer.json().path("type").asString()).isEqualTo("error");
            assertThat(answer.header("Content-Type")).startsWith("application/json");
            assertThat(answer.header("request-id")).startsWith("req_");
        }
    }
}
