package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.json.JsonMapper;

/**
 * Goal: a full disk stops writing and nothing else, and is forgotten once there is room. Method: the real server on a
 * file system of a few megabytes, which other people's data fills up.
 */
@ExtendWith(OutputCaptureExtension.class)
class FullDiskTest {
    private static final int TROUBLES = 10;

    @TempDir
    private Path folder;

    private SmallDisk aSmallDisk() throws IOException {
        return SmallDisk.mount(folder.resolve("disk"), 24);
    }

    private static void assertNoRoom(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        var error = JsonMapper.shared().readTree(answer.body());
        assertThat(error.path("type").asString()).isEqualTo("error");
        assertThat(error.at("/error/type").asString()).isEqualTo("api_error");
        assertThat(error.at("/error/message").asString()).contains("disk is full").contains("nothing was stored");
        assertThat(answer.headers().firstValue("request-id")).contains(error.path("request_id").asString());
        assertThat(answer.headers().firstValue("x-should-retry")).isEmpty();
    }

    @Test
    void writes_are_answered_with_507_reads_go_on_and_nothing_is_half_stored() throws IOException {
        try (var disk = aSmallDisk(); var platform = Platform.on(disk.folder())) {
            var agent = platform.newAgent();
            var environment = platform.newEnvironment();
            var session = platform.newSession(agent, environment);
            assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
            platform.rests(session, 1);
            assertThat(platform.get("/v1/sessions").path("data")).hasSize(1);

            disk.leaveFree(0);
            int taken = 1;
            var much = "x".repeat(50_000);
            var answer = platform.say(session, much);
            while (answer.statusCode() == 200) {
                taken++;
                answer = platform.say(session, much);
            }
            assertNoRoom(answer);
            assertNoRoom(platform.post("/v1/sessions", "{\"agent\":\"" + agent + "\",\"environment_id\":\""
                    + environment + "\",\"initial_events\":" + Platform.saying(much).substring(10)));
            assertNoRoom(platform.post("/v1/agents", "{\"name\":\"" + "n".repeat(200)
                    + "\",\"model\":\"rehearsal\",\"system\":\"" + much + "\"}"));

            assertThat(platform.history(session, "user.message")).hasSize(taken);
            assertThat(platform.get("/v1/sessions").path("data")).hasSize(1);
            assertThat(platform.get("/v1/agents").path("data")).hasSize(1);
            assertThat(platform.get("/v1/agents/" + agent).path("id").asString()).isEqualTo(agent);

            disk.free();
            assertThat(platform.say(session, "is there room again?").statusCode()).isEqualTo(200);
            Platform.eventually("the turn ends", () -> platform.status(session).equals("idle"));
            assertThat(platform.history(session, "user.message")).hasSize(taken + 1);
        }
    }

    @Test
    void a_turn_that_meets_a_full_disk_finishes_by_itself_once_there_is_room(CapturedOutput output) throws IOException {
        var script = Files.writeString(folder.resolve("script.json"),
                """
                        {"rules":[{"when":"weave","steps":[
                          {"say":["one ","two ","three"],"pause_ms":300,
                           "call":[{"name":"bash","input":{"command":"echo run >> /workspace/runs; sleep 1; wc -l < /workspace/runs"}}]},
                          {"say":["done"],"pause_ms":300}]}],
                         "otherwise":[{"say":["hm"]}]}""");
        try (var disk = aSmallDisk();
                var platform = Platform.on(disk.folder(), "handloom.model.rehearsal=" + script)) {
            var session = platform.newSession(platform.newAgent(), platform.newEnvironment());
            assertThat(platform.say(session, "weave").statusCode()).isEqualTo(200);
            disk.leaveFree(0);
            assertNoRoom(platform.say(session, "x".repeat(50_000)));
            Platform.eventually("the processors have had their troubles too",
                    () -> output.getOut().split("SQLITE_FULL", -1).length > TROUBLES);
            disk.free();
            platform.rests(session, 1);
            Platform.eventually("the log says so", () -> output.getOut().contains("there is room"));
            assertThat(platform.history(session, "agent.tool_use")).hasSize(1);
            assertThat(platform.history(session, "agent.tool_result")).hasSize(1);
        }
    }

    /** The log may still have a little room in its own files when the state beside it has none. */
    @Test
    void what_the_brain_could_not_write_down_it_begins_once_there_is_room(CapturedOutput output) throws Exception {
        try (var disk = aSmallDisk(); var platform = Platform.on(disk.folder())) {
            var agent = platform.newAgent();
            var environment = platform.newEnvironment();
            for (int i = 0; i < 90; i++) {
                platform.rests(say(platform, platform.newSession(agent, environment), "x".repeat(60_000)), 1);
            }
            var session = platform.newSession(agent, environment);
            emptyWriteAheadLogOf(disk.folder().resolve("state.db"));
            disk.leaveFree(0);
            assertThat(platform.say(session, "one more").statusCode()).as("the log has room").isEqualTo(200);
            Platform.eventually("the brain has had its troubles",
                    () -> output.getOut().contains("Error while processing batch in Work Package [0]-[turns]"));
            disk.free();
            platform.rests(session, 1);
        }
    }

    private static String say(Platform platform, String session, String text) {
        assertThat(platform.say(session, text).statusCode()).isEqualTo(200);
        return session;
    }

    private static void emptyWriteAheadLogOf(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("pragma wal_checkpoint(truncate)");
        }
    }
}
