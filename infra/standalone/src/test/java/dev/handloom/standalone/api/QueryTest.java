package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The query parameters of every list, as clients with bad manners send them (contract/README.md §1.4, §1.7). */
class QueryTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final String AGENT = "{\"name\":\"a\",\"model\":\"m\"}";

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
            refused.assertRefused(400, "invalid_request_error");
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
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(parameter + ": ");
    }
}
