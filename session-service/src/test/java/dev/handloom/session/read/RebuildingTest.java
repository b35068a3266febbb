package dev.handloom.session.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A projection is built anew beside the rows that are read, while the log grows. */
class RebuildingTest {
    private static final int SESSIONS = 40;
    private static final int TURNS = 20;
    private static final Duration TOOK = Duration.ofSeconds(1);

    @TempDir
    private Path folder;

    /** 40 sessions of 20 turns: 5,640 events. */
    private static void live(Server server) {
        for (int i = 0; i < SESSIONS; i++) {
            var session = server.begin("s" + i, "Session " + i, Server.NOON.plusSeconds(i));
            for (int turn = 0; turn < TURNS; turn++) {
                server.turn(session, Server.NOON.plusSeconds(100 + turn), TOOK);
            }
        }
    }

    private static JsonNode all(Server server) {
        var answer = server.get("/handloom/v1/sessions?limit=1000");
        assertThat(answer.at("/as_of/caught_up").asBoolean()).isTrue();
        return answer.path("data");
    }

    private static void reset(Server server, String projection) {
        var answer = server.json(server.send("POST", "/handloom/v1/projections/" + projection + "/reset"), 202);
        assertThat(answer.path("status").asString()).isEqualTo("rebuilding");
        assertThat(answer.at("/rebuild/generation").asInt()).isEqualTo(2);
    }

    private static void swapped(Server server, String projection) {
        Server.eventually("the new rows are read and the old ones gone", () -> {
            var now = server.projection(projection);
            return now.path("generation").asInt() == 2 && now.path("rebuild").isNull()
                    && !now.path("removing_old_rows").asBoolean();
        });
    }

    @Test
    void reads_go_on_and_show_what_happens_meanwhile() {
        try (var server = Server.on(folder)) {
            live(server);
            assertThat(all(server)).hasSize(SESSIONS);
            var usage = server.get("/handloom/v1/usage?group_by=session").path("data");
            var tools = server.get("/handloom/v1/tools").path("data");

            for (var projection : List.of("sessions", "usage", "tools")) {
                reset(server, projection);
            }
            int more = 0;
            boolean done = false;
            while (!done || more < 5) {
                done = server.projection("sessions").path("generation").asInt() == 2;
                server.begin("more" + more++, "One more", Server.NOON.plusSeconds(1_000 + more));
                assertThat(all(server)).hasSize(SESSIONS + more);
            }
            for (var projection : List.of("sessions", "usage", "tools")) {
                swapped(server, projection);
            }
            assertThat(all(server)).hasSize(SESSIONS + more);
            assertThat(server.get("/handloom/v1/usage?group_by=session").path("data")).isEqualTo(usage);
            assertThat(server.get("/handloom/v1/tools").path("data")).isEqualTo(tools);
            assertThat(server.state().sql("select count(*) from session_row").query(Integer.class).single())
                    .isEqualTo(SESSIONS + more);
        }
    }

    @Test
    void what_a_stop_interrupts_is_finished_after_the_next_start() {
        JsonNode usage;
        try (var server = Server.on(folder)) {
            live(server);
            usage = server.get("/handloom/v1/usage?group_by=session").path("data");
            server.state()
                    .sql("create trigger no_more before insert on usage_row when new.generation = 2"
                            + " and (select count(*) from usage_row where generation = 2) >= 10"
                            + " begin select json('no json'); end")
                    .update();
            reset(server, "usage");
            Server.eventually("it is half done", () -> !server.projection("usage").at("/rebuild/last_error").isNull());
            assertThat(server.projection("usage").at("/rebuild/position").asLong()).isPositive();
        }
        try (var server = Server.on(folder)) {
            server.state().sql("drop trigger no_more").update();
            swapped(server, "usage");
            assertThat(server.get("/handloom/v1/usage?group_by=session").path("data")).isEqualTo(usage);
        }
    }

    @Test
    void a_reset_that_is_asked_for_twice_is_one_and_an_unknown_projection_is_not_found() {
        try (var server = Server.on(folder)) {
            live(server);
            reset(server, "tools");
            var again = server.json(server.send("POST", "/handloom/v1/projections/tools/reset"), 202);
            assertThat(again.path("generation").asInt() + again.at("/rebuild/generation").asInt(0))
                    .isIn(2, 3);
            swapped(server, "tools");
            server.json(server.send("POST", "/handloom/v1/projections/dreams/reset"), 404);
            assertThat(server.get("/handloom/v1/projections").path("data")).hasSize(3);
        }
    }
}
