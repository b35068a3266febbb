package dev.handloom.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Whatever a client sends, it gets the contract's answer: a request id, and errors in the one envelope. */
@SpringBootTest(
        classes = Loom.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "handloom.api.key=" + Client.KEY, "handloom.data=target", "handloom.api.body-max=64KB",
            "axon.axonserver.enabled=false", "axoniq.update-checker.disabled=true"})
class MannersTest {
    private final Client client;

    MannersTest(@LocalServerPort int port) {
        client = new Client(port);
    }

    @Test
    void either_header_may_carry_the_key() {
        assertThat(client.get("/v1/threads").status()).isEqualTo(200);
        assertThat(client.send(client.to("/v1/threads").header("x-api-key", Client.KEY)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/threads", "/v1/nothing", "/handloom/v1/x", "/%76%31/threads", "/v1;a=b/threads", "/v1"})
    void without_the_key_every_path_of_the_api_is_a_401(String path) {
        var answer = client.send(client.to(path));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errorType()).isEqualTo("authentication_error");
        assertThat(answer.header("request-id")).matches("req_01\\w{22}");
        assertThat(answer.json().path("request_id").asString()).isEqualTo(answer.header("request-id"));
        assertThat(client.send(client.to(path).header("Authorization", "Bearer wrong")).status()).isEqualTo(401);
    }

    @Test
    void an_answer_names_its_request_and_repeats_the_workspace() {
        var answer = client.send(client.withKey("/v1/threads").header("anthropic-workspace-id", "wrkspc_1"));
        assertThat(answer.header("request-id")).startsWith("req_01");
        assertThat(answer.header("anthropic-workspace-id")).isEqualTo("wrkspc_1");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/event-stream", "application/binary", "text/html", "nonsense"})
    void no_accept_header_is_refused(String accept) {
        var answer = client.send(client.withKey("/v1/threads").header("Accept", accept));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void an_unknown_path_is_a_404_in_the_envelope_with_or_without_the_api() {
        for (var path : new String[]{"/v1/nothing", "/nothing", "/v1/threads/", "/error"}) {
            var answer = client.get(path);
            assertThat(answer.status()).as(path).isIn(404, 501);
            assertThat(answer.json().path("type").asString()).isEqualTo("error");
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        }
    }

    @Test
    void a_wrong_method_is_a_405_that_says_what_is_allowed() {
        var answer = client.send(client.withKey("/v1/echo").DELETE());
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("POST");
        assertThat(answer.errorType()).isEqualTo("invalid_request_error");
    }

    @Test
    void what_is_not_built_says_so_and_asks_not_to_be_retried() {
        var answer = client.post("/v1/shuttles/1/throw", "{}");
        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.errorType()).isEqualTo("api_error");
        assertThat(answer.message()).isEqualTo("Not built yet: shuttles arrive with the weaving issue");
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
        assertThat(client.get("/v1/shuttles").status()).isEqualTo(501);
        assertThat(client.get("/v1/threads/thread_1/knots").status()).isEqualTo(501);
        assertThat(client.get("/v1/threads/thread_1").status()).as("a controller comes first").isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"broken, 500, api_error, ''", "full, 507, api_error, ''", "busy, 503, api_error, ''",
        "conflict, 409, conflict_error, false"})
    void a_failure_has_its_status_and_tells_nothing_of_the_inside(String id, int status, String type, String retry) {
        var answer = client.get("/v1/threads/" + id);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.errorType()).isEqualTo(type);
        assertThat(answer.http().body()).doesNotContain("secret", "Exception", "at dev.");
        assertThat(answer.header("x-should-retry")).isEqualTo(retry);
    }

    @Test
    void a_body_may_be_as_long_as_the_limit_and_no_longer() {
        int max = 64 * 1024;
        var frame = "{\"name\":\"\"}";
        var fits = "{\"name\":\"" + "x".repeat(max - frame.length()) + "\"}";
        assertThat(client.post("/v1/echo", fits).status()).isEqualTo(200);
        var declared = client.post("/v1/echo", fits + " ");
        assertThat(declared.status()).isEqualTo(413);
        assertThat(declared.errorType()).isEqualTo("request_too_large");
        var bytes = (fits + " ").getBytes(StandardCharsets.UTF_8);
        var streamed = client.send(client.withKey("/v1/echo")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))));
        assertThat(streamed.status()).isEqualTo(413);
    }

    @Test
    void a_post_needs_neither_a_body_nor_a_content_type() {
        assertThat(client.send(client.withKey("/v1/echo").POST(BodyPublishers.noBody())).json().size()).isZero();
        assertThat(client.send(client.withKey("/v1/echo")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{\"name\":\"curl\"}"))).json().path("name").asString())
                .isEqualTo("curl");
    }

    @Test
    void encodings_other_than_plain_utf_8_are_refused_by_name() {
        var charset = client.send(client.withKey("/v1/echo")
                .header("Content-Type", "application/json; charset=latin1")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(charset.status()).isEqualTo(400);
        assertThat(charset.code()).isEqualTo("unsupported_charset");
        var zipped = client.send(client.withKey("/v1/echo")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofString("{}")));
        assertThat(zipped.code()).isEqualTo("request_body_encoding_unsupported");
        var latin = client.send(client.withKey("/v1/echo")
                .POST(BodyPublishers.ofByteArray("{\"name\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1))));
        assertThat(latin.status()).isEqualTo(400);
        assertThat(latin.code()).isEqualTo("request_body_encoding_invalid");
    }

    @Test
    void query_brackets_may_be_encoded_or_not_and_beta_is_ignored() throws IOException {
        var answer = client.get("/v1/threads/thread_1?types%5B%5D=a&types%5B%5D=&types%5B%5D=b&beta=true");
        assertThat(answer.json().path("types").values()).extracting(node -> node.asString()).containsExactly("a", "b");
        for (var query : new String[]{"types[]=c", "types%5B%5D=%zz"}) {
            var raw = client
                    .raw("GET /v1/threads/thread_1?" + query + " HTTP/1.1\r\nHost: a\r\nx-api-key: " + Client.KEY
                            + "\r\nConnection: close\r\n\r\n");
            assertThat(raw).startsWith(query.endsWith("zz") ? "HTTP/1.1 400" : "HTTP/1.1 200");
        }
    }

    @Test
    void what_is_not_http_gets_the_envelope_too() throws IOException {
        for (var request : new String[]{
            "GET /v1/thr|eads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /v1/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /v1/%2e%2e%2f HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /v1/threads HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET /v1/threads HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(100_000) + "\r\nConnection: close\r\n\r\n"}) {
            var answer = client.raw(request);
            assertThat(answer).as(request.substring(0, 40))
                    .startsWith("HTTP/1.1 4")
                    .contains("\"type\":\"error\"")
                    .contains("application/json")
                    .contains("request-id: req_")
                    .doesNotContain("<html", "org.apache");
        }
    }
}
