package dev.handloom.session.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.handloom.api.session.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What the projections say of a few sessions whose every second is known. */
class ReportTest {
    private static final Instant BEFORE_MIDNIGHT = Instant.parse("2026-03-15T23:59:50Z");
    private static final int TURNS = 100;

    @TempDir
    private static Path folder;
    private static Server server;

    @BeforeAll
    static void live() throws IOException {
        var prices = Files.writeString(folder.resolve("prices.json"), """
                // by hand
                {"models": {"a-model": {"input": 1, "output": 10, "cache_write_5m": 2, "cache_write_1h": 4,
                  "cache_read": 0.1}}}""");
        server = Server.on(folder, "handloom.prices=" + prices);
        var one = server.begin("one", "Über den Wolken", Server.NOON);
        for (int i = 1; i <= TURNS; i++) {
            server.turn(one, Server.NOON.plusSeconds(i * 60L), Duration.ofMillis(i * 10L));
        }
        SessionId night = server.begin("night", "NIGHT shift", BEFORE_MIDNIGHT.minusSeconds(1));
        server.turn(night, BEFORE_MIDNIGHT, Duration.ofSeconds(20));
        server.begin("third", "Untold", BEFORE_MIDNIGHT.plusSeconds(60));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonNode data(String path) {
        var answer = server.get("/handloom/v1/" + path);
        assertThat(answer.at("/as_of/caught_up").asBoolean()).isTrue();
        assertThat(answer.at("/as_of/position").asLong()).isEqualTo(1L + TURNS * 7 + 1 + 7 + 1);
        return answer.path("data");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            title=%C3%BCBER,            sesn_one
            title=night,                sesn_night
            title=nobody,
            status=idle&title=wolken,   sesn_one
            status=running,
            agent_id=agent_a&title=i,   sesn_night
            created_at[lt]=2026-03-15T13:00:00Z, sesn_one
            created_at[gte]=2026-03-16T00:00:00Z, sesn_third
            """)
    void sessions_are_found_by_what_is_asked_for(String query, String found) {
        var ids = data("sessions?" + query).valueStream().map(row -> row.path("id").asString()).toList();
        if (found == null) {
            assertThat(ids).isEmpty();
        } else {
            assertThat(ids).containsExactly(found);
        }
    }

    @Test
    void a_session_is_listed_with_what_it_has_done() {
        var row = data("sessions?title=wolken").get(0);
        assertThat(row.path("turns").asInt()).isEqualTo(TURNS);
        assertThat(row.path("model_requests").asInt()).isEqualTo(TURNS);
        assertThat(row.path("open_calls").asInt()).isZero();
        assertThat(row.at("/tokens/input").asLong()).isEqualTo(TURNS * 100L);
        assertThat(row.at("/tokens/cache_read").asLong()).isEqualTo(TURNS * 1_000L);
        assertThat(row.at("/agent/version").asInt()).isEqualTo(3);
        assertThat(row.path("updated_at").asString()).isEqualTo("2026-03-15T13:40:01.500Z");
    }

    @Test
    void a_list_is_walked_page_by_page() {
        var first = server.get("/handloom/v1/sessions?limit=2");
        assertThat(first.path("data")).hasSize(2);
        var second = server.get("/handloom/v1/sessions?limit=2&page=" + first.path("next_page").asString());
        assertThat(second.path("data")).hasSize(1);
        assertThat(second.path("next_page").isNull()).isTrue();
        var days = server.get("/handloom/v1/usage?group_by=day&limit=1");
        assertThat(days.at("/data/0/day").asString()).isEqualTo("2026-03-15");
        var next = server.get("/handloom/v1/usage?group_by=day&limit=1&page=" + days.path("next_page").asString());
        assertThat(next.at("/data/0/day").asString()).isEqualTo("2026-03-16");
        assertThat(next.path("next_page").isNull()).isTrue();
    }

    @Test
    void usage_is_added_up_and_running_time_is_split_at_midnight() {
        var days = data("usage?group_by=day&session_id=sesn_night");
        assertThat(days).hasSize(2);
        assertThat(days.get(0).path("active_seconds").asDouble()).isEqualTo(10.0);
        assertThat(days.get(1).path("active_seconds").asDouble()).isEqualTo(10.5);
        assertThat(data("usage?group_by=day&from=2026-03-16")).hasSize(1);
        assertThat(data("usage?group_by=day&to=2026-03-15")).hasSize(1);
        var agent = data("usage").get(0);
        assertThat(agent.path("agent").asString()).isEqualTo("agent_a");
        assertThat(agent.at("/tokens/output").asLong()).isEqualTo((TURNS + 1) * 10L);
        assertThat(agent.path("model_requests").asLong()).isEqualTo(TURNS + 1);
        // 100 at 1 + 10 at 10 + 3 at 2 + 2 at 4 + 1,000 at 0.1, for a million each, a turn.
        assertThat(agent.path("cost_usd").asString()).isEqualTo("0.031714");
        assertThat(agent.path("models_without_price")).isEmpty();
    }

    @Test
    void tool_times_are_told_within_five_percent() {
        var bash = data("tools?session_id=sesn_one").get(0);
        assertThat(bash.path("tool").asString()).isEqualTo("bash");
        assertThat(bash.path("calls").asLong()).isEqualTo(TURNS);
        assertThat(bash.path("open").asLong()).isZero();
        assertThat(bash.at("/queue_ms/p50").asDouble()).isCloseTo(500, within(25.0));
        assertThat(bash.at("/run_ms/p50").asDouble()).isCloseTo(500, within(25.0));
        assertThat(bash.at("/run_ms/p95").asDouble()).isCloseTo(950, within(48.0));
        assertThat(bash.at("/run_ms/p99").asDouble()).isCloseTo(990, within(50.0));
        assertThat(data("tools?group_by=session")).hasSize(2);
        assertThat(data("tools?group_by=day")).hasSize(2);
        assertThat(data("tools?runner=client")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            usage?group_by=tool,     group_by
            tools?runner=me,         runner
            usage?from=yesterday,    from
            usage?limit=1001,        limit
            sessions?status=busy,    status
            sessions?page=x,         page
            """)
    void what_cannot_be_asked_is_refused_by_name(String path, String field) {
        var refused = server.json(server.send("GET", "/handloom/v1/" + path), 400);
        assertThat(refused.at("/error/message").asString()).startsWith(field + ":");
    }
}
