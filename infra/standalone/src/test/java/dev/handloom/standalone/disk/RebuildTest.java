package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.kit.projection.Projections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The log is the truth: whatever else lies on the disk can be made again from it. */
class RebuildTest {
    private static final List<String> INDEXES = List.of("agent-index", "environment-index");

    @TempDir
    private Path folder;

    private static StreamingEventProcessor processor(Platform platform, String group) {
        return platform.context()
                .getBean(EventProcessingConfiguration.class)
                .eventProcessor(group, StreamingEventProcessor.class)
                .orElseThrow();
    }

    private static List<String> rows(Platform platform, String table) {
        return JdbcClient.create(platform.context().getBean(DataSource.class))
                .sql("select * from " + table + " order by id")
                .query()
                .listOfRows()
                .stream()
                .map(Object::toString)
                .toList();
    }

    /** All that a projection's table holds, but for the number of the generation. */
    private static List<String> projected(Platform platform, String projection, String table) {
        return JdbcClient.create(platform.context().getBean(DataSource.class))
                .sql("select * from " + table + " where generation = (select generation from projection where name = '"
                        + projection + "' and role = 'live')")
                .query()
                .listOfRows()
                .stream()
                .peek(row -> row.remove("generation"))
                .map(Object::toString)
                .sorted()
                .toList();
    }

    private static List<List<String>> indexes(Platform platform) {
        return List.of(projected(platform, "sessions", "session_row"), rows(platform, "agent_index"),
                rows(platform, "environment_index"), projected(platform, "usage", "usage_row"),
                projected(platform, "usage", "usage_session"), projected(platform, "tools", "tool_session"));
    }

    /** When each projection has handled what has happened, its read waits for that. */
    private static List<List<String>> settledIndexes(Platform platform) {
        for (var read : List.of("sessions", "usage", "tools")) {
            assertThat(platform.get("/handloom/v1/" + read).at("/as_of/caught_up").asBoolean()).isTrue();
        }
        return indexes(platform);
    }

    /** Sessions in several states, and some that are gone. */
    private static void live(Platform platform) {
        var environment = platform.newEnvironment();
        var agent = platform.newAgent();
        for (int i = 0; i < 6; i++) {
            var session = platform.newSession(agent, environment);
            if (i < 3) {
                assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
                platform.rests(session, 1);
            }
            if (i == 1 || i == 4) {
                assertThat(platform.post("/v1/sessions/" + session + "/archive", "").statusCode()).isEqualTo(200);
            }
            if (i == 2 || i == 5) {
                assertThat(platform.send("DELETE", "/v1/sessions/" + session, "").statusCode()).isEqualTo(200);
            }
        }
        var retired = platform.newAgent();
        assertThat(platform.post("/v1/agents/" + retired + "/archive", "").statusCode()).isEqualTo(200);
        assertThat(platform.get("/v1/sessions").path("data")).hasSize(2);
    }

    @Test
    void an_index_that_is_reset_is_made_again_as_it_was() {
        try (var platform = Platform.on(folder)) {
            live(platform);
            var before = settledIndexes(platform);
            assertThat(before.getFirst()).hasSize(4);
            for (var projection : List.of("sessions", "usage", "tools")) {
                assertThat(platform.post("/handloom/v1/projections/" + projection + "/reset", "").statusCode())
                        .isEqualTo(202);
            }
            for (var group : INDEXES) {
                var processor = processor(platform, group);
                processor.shutDown();
                processor.resetTokens("a test");
                processor.start();
            }
            Platform.eventually("other rows are read", () -> platform.get("/handloom/v1/projections")
                    .path("data")
                    .valueStream()
                    .allMatch(projection -> projection.path("generation").asInt() == 2
                            && !projection.path("removing_old_rows").asBoolean()));
            Platform.eventually("the indexes are as before", () -> indexes(platform).equals(before));
            assertThat(platform.post("/handloom/v1/projections/turns/reset", "").statusCode()).isEqualTo(400);
            platform.newAgent();
            assertThat(platform.get("/v1/agents").path("data")).hasSize(2);
            Platform.eventually("what is new is no replay", () -> processor(platform, "agent-index").processingStatus()
                    .values()
                    .stream()
                    .noneMatch(status -> status.isReplaying() || status.isErrorState()));
        }
    }

    @Test
    void without_its_state_file_the_platform_finds_everything_again_and_goes_on() throws IOException {
        List<List<String>> before;
        String session;
        try (var platform = Platform.on(folder)) {
            live(platform);
            session = platform.newSession(platform.newAgent(), platform.newEnvironment());
            assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
            platform.rests(session, 1);
            before = settledIndexes(platform);
        }
        for (var file : List.of("state.db", "state.db-wal", "state.db-shm")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        try (var platform = Platform.on(folder)) {
            assertThat(platform.get("/v1/sessions").path("data")).hasSize(3);
            Platform.eventually("the indexes are as before", () -> indexes(platform).equals(before));
            var history = platform.history(session);
            assertThat(platform.say(session, "and again").statusCode()).isEqualTo(200);
            platform.rests(session, 2);
            assertThat(platform.history(session)).startsWith(history.toArray(new JsonNode[0]));
            assertThat(platform.history(session, "span.model_request_start")).hasSize(2);
        }
    }

    /** A projection may be behind what was acknowledged when a process dies; a list that is asked for must wait for it. */
    @Test
    void a_list_asked_for_right_after_the_start_holds_what_was_acknowledged_before() {
        String agent;
        String environment;
        try (var platform = Platform.on(folder)) {
            agent = platform.newAgent();
            environment = platform.newEnvironment();
            assertThat(platform.get("/v1/sessions").path("data")).isEmpty();
            platform.context()
                    .getBean(Projections.class)
                    .processors()
                    .forEach(StreamingEventProcessor::shutDown);
            for (int i = 0; i < 15; i++) {
                platform.newSession(agent, environment);
            }
        }
        try (var platform = Platform.on(folder)) {
            assertThat(platform.get("/v1/sessions").path("data")).hasSize(15);
        }
    }
}
