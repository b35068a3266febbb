package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The log by position, and the session as it was there (docs/POSITIONS.md). */
class PositionsTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private final Talk talk = Talk.with(platform, platform.newSession().id());
    private final String path = "/handloom/v1/sessions/" + talk.sessionId();

    private Wire.Answer get(String query) {
        return platform.wire().get(path + query);
    }

    private static List<JsonNode> data(Wire.Answer answer) {
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        var data = new ArrayList<JsonNode>();
        answer.json().path("data").forEach(data::add);
        return data;
    }

    @Test
    void the_log_shows_every_stored_event_at_its_position() {
        talk.untilIdle(Talk.message("hello"));
        var log = data(get("/log?limit=1000"));
        for (int i = 0; i < log.size(); i++) {
            assertThat(log.get(i).path("position").asInt()).isEqualTo(i + 1);
            assertThat(log.get(i).at("/payload/type")).isEqualTo(log.get(i).path("type"));
            assertThat(log.get(i).at("/payload/sessionId").asString()).isEqualTo(talk.sessionId());
            assertThat(log.get(i).path("revision").asString()).isEqualTo("1");
            assertThat(log.get(i).path("bytes").asInt()).isPositive();
        }
        assertThat(log.getFirst().path("type").asString()).isEqualTo("created");
        var shown = talk.history().stream().map(event -> event.id()).toList();
        assertThat(log.stream().map(line -> line.path("api_id").asString("-"))).containsAll(shown);
        assertThat(log.getLast().path("correlation_id").isString()).isTrue();
    }

    @Test
    void slices_of_any_size_in_either_order_make_the_whole() {
        talk.untilIdle(Talk.message("hello"));
        var whole = data(get("/log?limit=1000"));
        for (var order : List.of("asc", "desc")) {
            var wanted = order.equals("asc") ? whole : whole.reversed();
            for (int limit = 1; limit <= whole.size(); limit += 3) {
                var seen = new ArrayList<JsonNode>();
                var from = "";
                do {
                    var slice = get("/log?order=" + order + "&limit=" + limit + from);
                    seen.addAll(data(slice));
                    var next = slice.json().path("next");
                    from = next.isNull() ? "" : "&from=" + next.asLong();
                } while (!from.isEmpty());
                assertThat(seen).as("%s by %d", order, limit).isEqualTo(wanted);
            }
        }
        assertThat(data(get("/log?types[]=agent_spoke&types[]=created")))
                .extracting(line -> line.path("type").asString())
                .containsExactly("created", "agent_spoke");
        assertThat(data(get("/log?from=100000"))).isEmpty();
    }

    @Test
    void a_slice_that_cannot_be_is_refused_and_a_session_that_is_none_is_missing() {
        for (var query : List.of("limit=0", "limit=1001", "from=0", "from=x", "order=up")) {
            get("/log?" + query).assertRefused(400, "invalid_request_error");
        }
        for (var none : List.of("sesn_none", "nonsense")) {
            platform.wire().get("/handloom/v1/sessions/" + none + "/log").assertRefused(404, "not_found_error");
            platform.wire().get("/handloom/v1/sessions/" + none + "/state").assertRefused(404, "not_found_error");
        }
        platform.sdk().beta().sessions().delete(talk.sessionId());
        get("/log").assertRefused(404, "not_found_error");
        get("/state?at=1").assertRefused(404, "not_found_error");
    }

    @Test
    void the_state_at_every_position_is_what_the_log_says_up_to_there() {
        talk.untilIdle(Talk.message("hello"));
        var log = data(get("/log?limit=1000"));
        var status = "idle";
        String open = "";
        for (var line : log) {
            switch (line.path("type").asString()) {
                case "status_running" -> status = "running";
                case "status_idle" -> status = "idle";
                case "model_request_started" -> open = line.path("api_id").asString();
                case "model_request_ended" -> open = "";
                default -> {}
            }
            var state = get("/state?at=" + line.path("position")).json();
            assertThat(state.path("at")).isEqualTo(line.path("position"));
            assertThat(state.path("status").asString()).isEqualTo(status);
            assertThat(state.path("open_model_request").asString("")).isEqualTo(open);
            assertThat(state.at("/context/events")).isEqualTo(line.path("position"));
        }
        var now = get("/state").json();
        assertThat(now.path("at").asInt()).isEqualTo(log.size());
        assertThat(now.at("/stop_reason/type").asString()).isEqualTo("end_turn");
        assertThat(now.at("/agent/version").asInt()).isEqualTo(1);
    }

    @Test
    void a_position_outside_the_log_is_refused_with_the_head() {
        for (var at : List.of("0", "-3", "2", "99999", "x")) {
            var refused = get("/state?at=" + at);
            refused.assertRefused(400, "invalid_request_error");
            assertThat(refused.message()).contains("head of the log, which is 1");
        }
    }
}
