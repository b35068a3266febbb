package dev.handloom.session.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An event that an older version has stored goes through the upcasters before anybody reads it. */
class OldRevisionTest {
    @TempDir
    private Path folder;

    /** As it was written before there were seals, when a title was a name. */
    private void makeOld(JsonNode created) throws SQLException {
        var old = (ObjectNode) created.deepCopy();
        old.set("name", old.remove("title"));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var update = connection
                        .prepareStatement("update event set revision = '0', payload = ? where seq = 0")) {
            update.setBytes(1, old.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    @Test
    void by_the_api_the_aggregate_and_the_projections_alike() throws SQLException {
        JsonNode created;
        try (var server = Server.on(folder)) {
            var session = server.begin("old", "As it was called", Server.NOON);
            server.turn(session, Server.NOON, Duration.ofSeconds(1));
            created = server.get("/handloom/v1/sessions/sesn_old/log?limit=1").at("/data/0/payload");
        }
        makeOld(created);
        try (var server = Server.on(folder)) {
            assertThat(server.get("/v1/sessions/sesn_old").path("title").asString()).isEqualTo("As it was called");
            assertThat(server.get("/v1/sessions/sesn_old/events").path("data")).isNotEmpty();
            server.json(server.send("POST", "/handloom/v1/projections/sessions/reset"), 202);
            Server.eventually("it is rebuilt", () -> server.projection("sessions").path("generation").asInt() == 2);
            assertThat(server.get("/handloom/v1/sessions?title=was%20called").path("data")).hasSize(1);
            var changed = server.json(
                    server.send("POST", "/v1/sessions/sesn_old", "{\"metadata\":{\"colour\":\"red\"}}"), 200);
            assertThat(changed.path("title").asString()).isEqualTo("As it was called");
        }
    }
}
