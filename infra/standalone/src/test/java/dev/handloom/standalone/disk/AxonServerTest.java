package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole platform with its log on a real Axon Server, which may hold what other tests wrote. */
@EnabledIfEnvironmentVariable(
        named = "AXON_SERVER",
        matches = ".+",
        disabledReason = "AXON_SERVER=host:port names no Axon Server to test against")
class AxonServerTest {
    private static final String SCRIPT = """
            {"rules": [{"when": "six times seven", "steps": [
              {"say": "Let me look.", "call": [{"name": "bash", "input": {"command": "echo $((6 * 7))"}}]},
              {"say": ["It is ", "{{result}}"]}]}],
             "otherwise": [{"say": "I only know one play."}]}""";

    @TempDir
    private Path folder;
    private Path script;

    @BeforeEach
    void write() throws IOException {
        script = Files.writeString(folder.resolve("script.json"), SCRIPT);
    }

    private Platform platform() {
        return Platform.on(folder.resolve("data"), "handloom.log=axonserver",
                "handloom.axonserver.servers=" + System.getenv("AXON_SERVER"), "handloom.model.rehearsal=" + script);
    }

    @Test
    void a_session_with_tools_is_there_after_a_restart_and_goes_on() {
        String session;
        JsonNode[] history;
        try (var platform = platform()) {
            session = platform.newSession(platform.newAgent(), platform.newEnvironment());
            assertThat(platform.say(session, "What is six times seven?").statusCode()).isEqualTo(200);
            platform.rests(session, 1);
            assertThat(platform.history(session, "agent.tool_result").toString()).contains("42");
            assertThat(platform.history(session, "agent.message").toString()).contains("It is ");
            history = platform.history(session).toArray(new JsonNode[0]);
        }
        assertThat(folder.resolve("data/events.db")).doesNotExist();
        try (var platform = platform()) {
            assertThat(platform.history(session)).containsExactly(history);
            assertThat(platform.say(session, "Again: six times seven?").statusCode()).isEqualTo(200);
            platform.rests(session, 2);
            assertThat(platform.history(session)).startsWith(history);
            assertThat(platform.history(session, "agent.tool_result")).hasSize(2);
        }
    }

    @Test
    void a_list_holds_what_was_acknowledged_a_moment_before() {
        try (var platform = platform()) {
            var environment = platform.newEnvironment();
            var agent = platform.newAgent();
            for (int i = 0; i < 20; i++) {
                var session = platform.newSession(agent, environment);
                assertThat(platform.get("/v1/sessions").path("data").path(0).path("id").asString()).isEqualTo(session);
            }
            var last = platform.get("/v1/sessions").path("data").path(0).path("id").asString();
            assertThat(platform.send("DELETE", "/v1/sessions/" + last, "").statusCode()).isEqualTo(200);
            assertThat(platform.send("GET", "/v1/sessions/" + last, "").statusCode()).isEqualTo(404);
            assertThat(platform.get("/v1/sessions").path("data").path(0).path("id").asString()).isNotEqualTo(last);
        }
    }

    @Test
    void only_the_log_is_on_the_server() {
        try (var platform = platform()) {
            var context = platform.context();
            assertThat(context.getBean(EventStorageEngine.class).getClass().getSimpleName())
                    .isEqualTo("AxonServerEngine");
            assertThat(context.getBean(CommandBus.class)).isInstanceOf(SimpleCommandBus.class);
            assertThat(folder.resolve("data/state.db")).exists();
        }
    }
}
