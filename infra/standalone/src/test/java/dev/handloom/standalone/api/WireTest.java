package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are not the SDK, and clients with bad manners (contract/README.md §1). */
class WireTest {
    private static final int BODY_MAX = 64 * 1024;

    @RegisterExtension
    static final Platform platform = new Platform("handloom.api.body-max=64KB");

    private static final String AGENT = "{\"name\":\"a\",\"model\":\"m\"}";

    private static List<String> agents() {
        return platform.wire().get("/v1/agents?limit=100&include_archived=true").ids();
    }

    @Test
    void the_key_may_come_either_way_and_in_any_case_of_letters() {
        var wire = platform.wire();
        for (var header : List.of("Authorization: Bearer ", "authorization: bearer ", "x-api-key: ", "X-API-Key: ")) {
            var parts = header.split(": ", 2);
            var request = wire.to("/v1/agents").header(parts[0], parts[1] + Platform.KEY);
            assertThat(wire.send(request).status()).as(header).isEqualTo(200);
        }
        var both = wire.to("/v1/agents").header("Authorization", "Bearer wrong").header("x-api-key", Platform.KEY);
        assertThat(wire.send(both).status()).isEqualTo(200);
    }

    static Stream<HttpRequest.Builder> strangers() {
        var wire = platform.wire();
        return Stream.of(
                wire.to("/v1/agents"),
                wire.to("/v1/agents").header("Authorization", "Bearer " + Platform.KEY + "x"),
                wire.to("/v1/agents").header("Authorization", "Bearer"),
                wire.to("/v1/agents").header("Authorization", Platform.KEY),
                wire.to("/v1/agents").header("Authorization", "Basic " + Platform.KEY),
                wire.to("/v1/agents").header("x-api-key", "Bearer " + Platform.KEY),
                wire.to("/v1/agents").header("x-api-key", ""),
                wire.to("/v1/agents?api_key=" + Platform.KEY),
                wire.to("/v1/agents").POST(BodyPublishers.ofString(AGENT)),
                wire.to("/v1/nothing"), wire.to("/v1/files"), wire.to("/v1/models"),
                wire.to("/v1/sessions/sesn_01x/events/stream").header("Accept", "text/event-stream"));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void without_the_key_nothing_is_told_and_nothing_is_done(HttpRequest.Builder request) {
        var before = agents();
        platform.wire().send(request).assertRefused(401, "authentication_error");
        assertThat(agents()).isEqualTo(before);
    }

    @Test
    void older_clients_and_curl_are_understood() throws IOException {
        var wire = platform.wire();
        var old = wire.to("/v1/agents?beta=true&limit=1")
                .header("x-api-key", Platform.KEY)
                .header("anthropic-version", "2023-06-01")
                .header("anthropic-beta", "managed-agents-2026-04-01")
                .header("X-Stainless-Lang", "js")
                .header("anthropic-workspace-id", "wrkspc_01x");
        var answer = wire.send(old);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("anthropic-workspace-id")).isEqualTo("wrkspc_01x");
        assertThat(wire.send(wire.withKey("/v1/agents?beta=true").POST(BodyPublishers.ofString(AGENT))).status())
                .as("no content type")
                .isEqualTo(200);
        var form = wire.withKey("/v1/agents").header("Content-Type", "application/x-www-form-urlencoded");
        assertThat(wire.send(form.POST(BodyPublishers.ofString(AGENT))).status()).as("curl -d").isEqualTo(200);

        var session = platform.newSession().id();
        var raw = wire.raw("GET /v1/sessions/" + session + "/events?types[]=user.message&created_at[gte]="
                + "2020-01-01T00:00:00+02:00&page=&limit= HTTP/1.1\r\nHost: a\r\nx-api-key: " + Platform.KEY
                + "\r\nConnection: close\r\n\r\n");
        assertThat(raw).startsWith("HTTP/1.1 200").contains("\"next_page\":null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{", "{\"name\":\"a\",}", "[]", "\"a\"", "null", "1", "{} {}", "{\"name\":\"a\" \"model\":1}",
                "{'name':'a'}", "{\"name\":\"a\",\"name\":\"b\",\"model\":\"m\"}", "{\"name\":NaN}", "\ufeff{}",
                "{\"name\":\"\\ud83e\",\"model\":\"m\"}", "{\"name\":\"a\\u0000\",\"model\":\"m\"}"})
    void a_body_that_is_no_json_object_is_refused_and_nothing_is_stored(String body) {
        var before = agents();
        platform.wire().post("/v1/agents", body).assertRefused(400, "invalid_request_error");
        assertThat(agents()).isEqualTo(before);
    }

    @Test
    void a_deep_body_is_refused() {
        var deep = "[".repeat(20_000) + "]".repeat(20_000);
        platform.wire().post("/v1/agents", "{\"name\":" + deep + "}").assertRefused(400, "invalid_request_error");
    }

    @Test
    void a_body_longer_than_the_limit_is_a_413_however_it_is_sent() {
        var before = agents();
        var wire = platform.wire();
        var frame = "{\"name\":\"a\",\"model\":\"m\",\"system\":\"\"}";
        var fits = frame.replace("\"\"", "\"" + "s".repeat(BODY_MAX - frame.length()) + "\"");
        wire.post("/v1/agents", fits + " ").assertRefused(413, "request_too_large");
        wire.post("/v1/agents", fits + " ".repeat(1 << 20)).assertRefused(413, "request_too_large");
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream((fits + " ").getBytes(
                StandardCharsets.UTF_8)));
        wire.send(wire.withKey("/v1/agents").POST(chunked)).assertRefused(413, "request_too_large");
        assertThat(agents()).isEqualTo(before);
        assertThat(wire.post("/v1/agents", fits).status()).isEqualTo(200);
    }

    static Stream<Arguments> encodings() {
        return Stream.of(
                Arguments.of("UTF-16", "application/json", "request_body_encoding_invalid"),
                Arguments.of("ISO-8859-1", "application/json", "request_body_encoding_invalid"),
                Arguments.of("ISO-8859-1", "application/json; charset=iso-8859-1", "unsupported_charset"),
                Arguments.of("UTF-8", "application/json; charset=\"utf-16\"", "unsupported_charset"));
    }

    @ParameterizedTest
    @MethodSource("encodings")
    void a_body_that_is_not_utf_8_is_refused_with_a_code(String charset, String contentType, String code) {
        var before = agents();
        var body = "{\"name\":\"größe\",\"model\":\"m\"}".getBytes(Charset.forName(charset));
        var refused = platform.wire()
                .send(platform.wire()
                        .withKey("/v1/agents")
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofByteArray(body)));
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.code()).isEqualTo(code);
        assertThat(agents()).isEqualTo(before);
    }

    @Test
    void a_compressed_body_is_refused_with_a_code() {
        var refused = platform.wire()
                .send(platform.wire()
                        .withKey("/v1/agents")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString(AGENT)));
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.code()).isEqualTo("request_body_encoding_unsupported");
    }

    @Test
    void what_the_contract_archives_without_a_body_needs_none() {
        var session = platform.newSession();
        for (var path : List.of("/v1/sessions/" + session.id(), "/v1/agents/" + session.agent().id(),
                "/v1/environments/" + session.environmentId())) {
            assertThat(platform.wire().post(path + "/archive").status()).isEqualTo(200);
            assertThat(platform.wire().post(path + "/archive", "{}").status()).isEqualTo(200);
        }
    }

    @Test
    void an_update_without_a_body_changes_nothing() {
        var session = platform.newSession();
        for (var path : List.of("/v1/sessions/" + session.id(), "/v1/agents/" + session.agent().id(),
                "/v1/environments/" + session.environmentId())) {
            var updated = platform.wire().post(path);
            assertThat(updated.status()).isEqualTo(200);
            assertThat(updated.json().path("updated_at")).isEqualTo(updated.json().path("created_at"));
        }
    }

    @Test
    void every_answer_has_a_request_id_of_its_own() {
        var wire = platform.wire();
        var session = platform.newSession().id();
        var answers = List.of(wire.get("/v1/agents"), wire.get("/v1/agents/x"), wire.post("/v1/agents", "{"),
                wire.get("/v1/files"), wire.get("/nothing"), wire.delete("/v1/sessions/" + session),
                wire.send(wire.to("/v1/agents")), wire.delete("/v1/agents"));
        assertThat(answers).extracting(answer -> answer.header("request-id"))
                .allMatch(id -> id.matches("req_01\\w{22}"))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /v1/agents/%zz HTTP/1.1", "GET /v1/agents/%ff HTTP/1.1", "GET /v1/agents/a%2fb HTTP/1.1",
                "GET /v1/agents/a%00b HTTP/1.1", "GET /v1/../v1/agents/x HTTP/1.1", "GET /v1//agents HTTP/1.1",
                "GET /v1/agents?x=%zz HTTP/1.1", "BREW /v1/agents HTTP/1.1",
                "TRACE /v1/agents HTTP/1.1", "GET v1/agents HTTP/1.1", "GET /v1/agents HTTP/9.9", "nonsense"})
    void an_odd_request_line_gets_the_envelope(String line) throws IOException {
        var answer = platform.wire()
                .raw(line + "\r\nHost: a\r\nx-api-key: " + Platform.KEY + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 [45].*").contains("\"type\":\"error\"", "request-id: req_");
        assertThat(answer).doesNotContain("<html", "Exception", "org.apache");
    }
}
