package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
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

    private static void assertRefused(Wire.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(status);
        assertThat(answer.json().path("type").asString()).isEqualTo("error");
        assertThat(answer.errorType()).isEqualTo(type);
        assertThat(answer.message()).isNotEmpty();
        assertThat(answer.header("request-id")).matches("req_01\\w{22}");
        assertThat(answer.json().path("request_id").asString()).isEqualTo(answer.header("request-id"));
        assertThat(answer.header("Content-Type")).startsWith("application/json");
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
        assertRefused(platform.wire().send(request), 401, "authentication_error");
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
        assertRefused(platform.wire().post("/v1/agents", body), 400, "invalid_request_error");
        assertThat(agents()).isEqualTo(before);
    }

    @Test
    void a_deep_body_is_refused() {
        var deep = "[".repeat(20_000) + "]".repeat(20_000);
        assertRefused(platform.wire().post("/v1/agents", "{\"name\":" + deep + "}"), 400, "invalid_request_error");
    }

    @Test
    void a_body_longer_than_the_limit_is_a_413_however_it_is_sent() {
        var before = agents();
        var wire = platform.wire();
        var frame = "{\"name\":\"a\",\"model\":\"m\",\"system\":\"\"}";
        var fits = frame.replace("\"\"", "\"" + "s".repeat(BODY_MAX - frame.length()) + "\"");
        assertRefused(wire.post("/v1/agents", fits + " "), 413, "request_too_large");
        assertRefused(wire.post("/v1/agents", fits + " ".repeat(1 << 20)), 413, "request_too_large");
        var chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream((fits + " ").getBytes(
                StandardCharsets.UTF_8)));
        assertRefused(wire.send(wire.withKey("/v1/agents").POST(chunked)), 413, "request_too_large");
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
        assertRefused(refused, 400, "invalid_request_error");
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
        assertRefused(refused, 400, "invalid_request_error");
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

    private static final List<String> LISTS = List.of("/v1/agents", "/v1/agents/AGENT/versions", "/v1/environments",
            "/v1/sessions", "/v1/sessions/SESSION/events", "/v1/sessions/SESSION/threads",
            "/v1/sessions/SESSION/threads/THREAD/events");

    private static List<String> lists() {
        var session = platform.newSession();
        var thread = platform.wire().get("/v1/sessions/" + session.id() + "/threads").ids().getFirst();
        return LISTS.stream()
                .map(path -> path.replace("AGENT", session.agent().id())
                        .replace("SESSION", session.id())
                        .replace("THREAD", thread))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=-1", "limit=1001", "limit=many", "limit=1.0", "limit=99999999999999999999",
                "limit=1&limit=2", "page=nonsense", "page=%00", "page=e30", "page=x&page=y"})
    void every_list_refuses_a_bad_limit_or_page_by_name(String query) {
        for (var list : lists()) {
            var refused = platform.wire().get(list + "?" + query);
            assertRefused(refused, 400, "invalid_request_error");
            assertThat(refused.message()).as(list).startsWith(query.substring(0, query.indexOf('=')) + ": ");
        }
    }

    @Test
    void a_page_holds_what_the_contract_says_by_default_and_at_most() {
        for (int i = 0; i < 21; i++) {
            platform.wire().post("/v1/agents", AGENT);
        }
        assertThat(platform.wire().get("/v1/agents").ids()).hasSize(20);
        for (var list : lists()) {
            boolean ofASession = list.contains("/events") || list.contains("/threads");
            assertThat(platform.wire().get(list + "?limit=" + (ofASession ? 1000 : 100)).status()).as(list)
                    .isEqualTo(200);
            assertThat(platform.wire().get(list + "?limit=" + (ofASession ? 1001 : 101)).status()).as(list)
                    .isEqualTo(400);
        }
    }

    /** A cursor is no secret, so anyone can make one; its parts are looked at all the same. */
    @Test
    void a_cursor_made_by_hand_does_no_harm() {
        for (var path : lists()) {
            var name = path.contains("/threads/") || path.endsWith("/events")
                    ? "events/" + path.split("/", -1)[3]
                    : path.endsWith("/versions")
                            ? "agent_versions/" + path.split("/", -1)[3]
                            : path.endsWith("/threads") ? "threads/" + path.split("/", -1)[3] : path.substring(4);
            var order = name.startsWith("events") ? "asc" : "desc";
            var sound = cursor(name, order, "on", "2020-01-01T00:00:00Z\n1");
            assertThat(platform.wire().get(path + "?page=" + sound).status()).as(path).isEqualTo(200);
            for (var place : List.of("2020-01-01T00:00:00Z\nx", "-999999999-01-01T00:00:00Z\n' or 1=1 --",
                    "+999999999-01-01T00:00:00Z\n-5", "2020-01-01T00:00:00Z\n9223372036854775807", "never\n1")) {
                for (var way : List.of("on", "back")) {
                    var answer = platform.wire().get(path + "?page=" + cursor(name, order, way, place));
                    assertThat(answer.status()).as("%s %s", path, place).isIn(200, 400);
                }
            }
        }
    }

    private static String cursor(String list, String order, String way, String place) {
        var content = String.join("\n", list, order, way, place);
        var crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((content + "\n" + Long.toHexString(crc.getValue())).getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                Arguments.of("include_archived", "/v1/agents?include_archived=yes"),
                Arguments.of("include_archived", "/v1/environments?include_archived=1"),
                Arguments.of("include_archived", "/v1/sessions?include_archived=TRUE"),
                Arguments.of("created_at[gte]", "/v1/agents?created_at%5Bgte%5D=yesterday"),
                Arguments.of("created_at[lt]", "/v1/sessions?created_at%5Blt%5D=2026-13-01T00:00:00Z"),
                Arguments.of("created_at[gt]", "/v1/sessions?created_at%5Bgt%5D=1700000000"),
                Arguments.of("order", "/v1/sessions?order=newest"),
                Arguments.of("statuses", "/v1/sessions?statuses%5B%5D=asleep"),
                Arguments.of("agent_version", "/v1/sessions?agent_version=0"),
                Arguments.of("agent_version", "/v1/sessions?agent_version=latest"),
                Arguments.of("version", "/v1/agents/AGENT?version=0"),
                Arguments.of("version", "/v1/agents/AGENT?version=x"),
                Arguments.of("order", "/v1/sessions/SESSION/events?order=up"),
                Arguments.of("types", "/v1/sessions/SESSION/events?types%5B%5D=user.message&types%5B%5D=nothing"),
                Arguments.of("created_at[lte]", "/v1/sessions/SESSION/events?created_at%5Blte%5D=now"),
                Arguments.of("event_deltas", "/v1/sessions/SESSION/events/stream?event_deltas%5B%5D=all"),
                Arguments.of("statuses", "/v1/sessions/SESSION/threads?statuses%5B%5D=asleep"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badQueries")
    void a_query_value_that_means_nothing_is_refused_by_name(String parameter, String path) {
        var session = platform.newSession();
        var refused = platform.wire()
                .get(path.replace("AGENT", session.agent().id()).replace("SESSION", session.id()));
        assertRefused(refused, 400, "invalid_request_error");
        assertThat(refused.message()).startsWith(parameter + ": ");
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
