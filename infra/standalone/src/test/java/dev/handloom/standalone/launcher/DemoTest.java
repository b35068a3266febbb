package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    /** Says something, and calls no tool: the same on every machine. */
    private static final String WORDS = "{\"rules\":[{\"when\":\"make its test pass\",\"steps\":"
            + "[{\"say\":[\"All \",\"is well.\"],\"tokens\":{\"input\":1200,\"output\":7}}]}]}";

    @TempDir
    private Path home;

    @Test
    void it_plays_a_session_and_ends_with_the_totals() throws IOException, InterruptedException {
        try (var demo = demo(WORDS, "--scratch")) {
            var folder = demo.until("data +(/.*), thrown away in the end");

            assertThat(demo.end(0))
                    .contains("● [rehearsal: no model is answering] All is well.\n")
                    .containsPattern("events +\\d+\n")
                    .containsPattern("model calls +1\n")
                    .containsPattern("tokens +1,200 in, 7 out\n")
                    .containsPattern("tool calls +0 in 0 ms\n")
                    .containsPattern("first token +\\d")
                    .contains("./handloom serve")
                    .doesNotContain("\033");
            assertThat(Path.of(folder)).doesNotExist();
        }
    }

    @Test
    void it_plays_on_a_server_that_runs_and_says_where_the_log_is() throws IOException, InterruptedException {
        var script = Files.writeString(home.resolve("words.json"), WORDS).toString();
        try (var server = Spawned.handloom(home, Map.of("HANDLOOM_REHEARSAL", script), "serve", "--port", "0")) {
            var url = server.until("address +(http.*)$");
            server.until("ready in ");
            try (var demo = Spawned.handloom(home, Map.of("HANDLOOM_BASE_URL", url), "demo")) {
                assertThat(demo.end(0))
                        .contains(url + ", which was running")
                        .contains("curl -s -H \"x-api-key: $(cat ~/.handloom/api-key)\" \\\n")
                        .containsPattern("\n +" + url + "/v1/sessions/sesn_\\w+/events\n");
            }
        }
    }

    @Test
    void it_asks_a_real_model_where_there_is_one() throws IOException, InterruptedException {
        try (var models = new MessagesServer();
                var demo = Spawned.handloom(home, Map.of("ANTHROPIC_API_KEY", MessagesServer.KEY, "ANTHROPIC_BASE_URL",
                        models.url()), "demo", "--scratch")) {
            assertThat(models.asked()).contains("\"model\":\"claude-sonnet-9\"", "make its test pass", "sort -n |");
            assertThat(demo.end(0))
                    .contains("● The **sort** is upside down.\n", ", model claude-sonnet-9\n")
                    .containsPattern("model +" + models.url())
                    .containsPattern("tokens +2,100 in, 9 out\n")
                    .doesNotContain(MessagesServer.KEY, "rehearsal");
        }
    }

    @Test
    void a_server_that_is_not_one_of_ours_is_said_in_one_line() throws IOException, InterruptedException {
        try (var models = new MessagesServer();
                var demo = Spawned.handloom(home, Map.of("HANDLOOM_API_KEY", "wrong"), "demo", "--url", models.url())) {
            assertThat(demo.end(1)).contains("✘ the server at " + models.url() + " refuses: status 404");
        }
    }

    @Test
    void a_session_that_ends_in_an_error_ends_the_demo_with_1() throws IOException, InterruptedException {
        try (var demo = demo("{\"otherwise\":[{\"fault\":{\"kind\":\"rejected\"}}]}", "--scratch")) {
            assertThat(demo.end(1)).contains("✘ the session stopped, retries_exhausted: model_request_failed_error: ");
        }
    }

    @Test
    void a_session_that_does_not_end_in_time_ends_the_demo_with_1() throws IOException, InterruptedException {
        try (var demo = demo("{\"otherwise\":[{\"fault\":{\"kind\":\"unavailable\",\"hang\":true}}]}",
                "--scratch", "--timeout", "1")) {
            assertThat(demo.end(1)).contains("✘ the session did not come to its end within 1.0 s");
        }
    }

    /** Which it is depends on what this machine can make sandboxes with. */
    @Test
    void the_real_demo_succeeds_exactly_when_its_tools_could_run() throws IOException, InterruptedException {
        try (var demo = Spawned.handloom(home, Map.of(), "demo", "--scratch")) {
            boolean ran = !demo.until("tool calls +(.*)").contains("8 answered with an error");
            assertThat(demo.end(ran ? 0 : 1)).contains(ran
                    ? "ok - the most frequent words come first"
                    : "not one tool call succeeded; ./handloom doctor says what is missing");
        }
    }

    private Spawned demo(String script, String... options) throws IOException {
        var file = Files.writeString(home.resolve("script.json"), script).toString();
        var words = new String[options.length + 1];
        words[0] = "demo";
        System.arraycopy(options, 0, words, 1, options.length);
        return Spawned.handloom(home, Map.of("HANDLOOM_REHEARSAL", file), words);
    }
}
