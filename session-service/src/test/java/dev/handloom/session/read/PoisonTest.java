package dev.handloom.session.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Goal: an event that cannot be handled holds up its own session and no other. Method: the state file is made to refuse
 * one session's rows.
 */
class PoisonTest {
    private static final Duration TOOK = Duration.ofSeconds(1);
    private static final int EVENTS_OF_A_TURN = 7;
    private static final String LETTERS = "/handloom/v1/projections/sessions/dead-letters";

    @TempDir
    private Path folder;

    private static void refuse(Server server, SessionId session) {
        server.state()
                .sql("create trigger refuse before update on session_row when new.id = '" + session
                        + "' begin select raise(abort, 'not this one'); end")
                .update();
    }

    private static void accept(Server server) {
        server.state().sql("drop trigger refuse").update();
    }

    private static JsonNode row(Server server, SessionId session) {
        return server.get("/handloom/v1/sessions")
                .path("data")
                .valueStream()
                .filter(row -> row.path("id").asString().equals(session.value()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode letters(Server server) {
        return server.get(LETTERS).path("data");
    }

    @Test
    void its_session_waits_behind_it_and_all_others_flow_on_until_it_is_retried() {
        try (var server = Server.on(folder)) {
            var ill = server.begin("ill", "Ill", Server.NOON);
            var well = server.begin("well", "Well", Server.NOON);
            assertThat(row(server, ill).path("turns").asInt()).isZero();
            refuse(server, ill);
            for (var session : List.of(ill, well, ill, well)) {
                server.turn(session, Server.NOON, TOOK);
            }
            assertThat(row(server, well).path("turns").asInt()).isEqualTo(2);
            assertThat(row(server, ill).path("turns").asInt()).isZero();
            assertThat(server.get("/handloom/v1/usage?group_by=session").path("data")).hasSize(2);

            assertThat(letters(server)).hasSize(1);
            var letter = letters(server).get(0);
            assertThat(letter.path("session_id").asString()).isEqualTo(ill.value());
            assertThat(letter.path("position").asInt()).isEqualTo(2);
            assertThat(letter.path("event_type").asString()).endsWith("$StatusRunning");
            assertThat(letter.path("cause").asString()).contains("not this one");
            assertThat(server.projection("sessions").at("/dead_letters/sessions").asInt()).isEqualTo(1);
            assertThat(server.projection("sessions").path("status").asString()).isEqualTo("caught_up");

            var stillIll = server.json(server.send("POST", LETTERS + "/" + ill + "/retry"), 200);
            assertThat(stillIll.path("handled").asBoolean()).isFalse();
            assertThat(stillIll.at("/waiting/events").asInt()).isEqualTo(letter.path("events").asInt());

            accept(server);
            var healed = server.json(server.send("POST", LETTERS + "/" + ill + "/retry"), 200);
            assertThat(healed.path("handled").asBoolean()).isTrue();
            assertThat(letters(server)).isEmpty();
            assertThat(row(server, ill).path("turns").asInt()).isEqualTo(2);
            assertThat(row(server, ill).path("tokens")).isEqualTo(row(server, well).path("tokens"));
            server.turn(ill, Server.NOON, TOOK);
            assertThat(row(server, ill).path("turns").asInt()).isEqualTo(3);
            server.json(server.send("POST", LETTERS + "/" + ill + "/retry"), 404);
        }
    }

    @Test
    void it_still_waits_after_a_restart_and_a_rebuild_that_can_handle_it_leaves_nothing_waiting() {
        SessionId ill;
        try (var server = Server.on(folder)) {
            ill = server.begin("ill", "Ill", Server.NOON);
            row(server, ill);
            refuse(server, ill);
            server.turn(ill, Server.NOON, TOOK);
            row(server, ill);
        }
        try (var server = Server.on(folder)) {
            server.turn(ill, Server.NOON, TOOK);
            row(server, ill);
            assertThat(letters(server).get(0).path("events").asInt()).isGreaterThan(EVENTS_OF_A_TURN);
            accept(server);
            server.json(server.send("POST", "/handloom/v1/projections/sessions/reset"), 202);
            Server.eventually("nothing waits", () -> letters(server).isEmpty());
            assertThat(row(server, ill).path("turns").asInt()).isEqualTo(2);
        }
    }

    @Test
    void what_is_given_up_is_gone_from_the_row_until_the_next_rebuild() {
        try (var server = Server.on(folder)) {
            var ill = server.begin("ill", "Ill", Server.NOON);
            row(server, ill);
            refuse(server, ill);
            server.turn(ill, Server.NOON, TOOK);
            row(server, ill);
            accept(server);
            var given = server.json(server.send("DELETE", LETTERS + "/" + ill), 200);
            assertThat(given.path("discarded").asInt()).isPositive();
            server.turn(ill, Server.NOON, TOOK);
            assertThat(row(server, ill).path("turns").asInt()).isEqualTo(1);
            server.json(server.send("DELETE", LETTERS + "/" + ill), 404);
        }
    }

    @Test
    void a_deleted_session_leaves_neither_letters_nor_its_title() throws IOException {
        var title = "a title that nobody else has";
        try (var server = Server.on(folder)) {
            var ill = server.begin("ill", title, Server.NOON);
            row(server, ill);
            assertThat(bytes()).contains(title);
            refuse(server, ill);
            server.turn(ill, Server.NOON, TOOK);
            row(server, ill);
            assertThat(letters(server)).hasSize(1);
            server.delete(ill);
            assertThat(server.get("/handloom/v1/sessions").path("data")).isEmpty();
            assertThat(letters(server)).isEmpty();
            Server.eventually("the state file says nothing of it", () -> !bytes().contains(title));
        }
    }

    private String bytes() {
        try {
            var all = new StringBuilder();
            for (var file : List.of("state.db", "state.db-wal")) {
                all.append(Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** To pass events over would make the rows wrong without a word. */
    @Test
    void when_no_more_can_wait_the_projection_stops_and_says_why_and_goes_on_once_there_is_room() {
        try (var server = Server.on(folder, "handloom.projections.parked-sessions=1")) {
            var ill = server.begin("ill", "Ill", Server.NOON);
            var worse = server.begin("worse", "Worse", Server.NOON);
            row(server, ill);
            refuse(server, ill);
            server.turn(ill, Server.NOON, TOOK);
            row(server, ill);
            accept(server);
            refuse(server, worse);
            server.turn(worse, Server.NOON, TOOK);
            Server.eventually("it has stopped",
                    () -> server.projection("sessions").path("status").asString().equals("stopped"));
            assertThat(server.projection("sessions").path("last_error").asString()).contains("full");
            assertThat(server.get("/handloom/v1/usage?group_by=session").path("data")).hasSize(2);
            server.json(server.send("POST", LETTERS + "/" + ill + "/retry"), 200);
            Server.eventually("the other one waits instead", () -> letters(server).size() == 1
                    && letters(server).get(0).path("session_id").asString().equals(worse.value()));
        }
    }
}
