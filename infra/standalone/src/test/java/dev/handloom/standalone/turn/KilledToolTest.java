package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.handloom.standalone.turn.Client.Talk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * kill -9 of the server in the middle of a command that leaves a trace: the command runs on in its sandbox, which the next
 * server adopts, and its result arrives; it never runs a second time.
 */
class KilledToolTest {
    private static final String COMMAND = "echo ran >> trace; sleep 3; echo the real result";

    private static ServerProcess server(String provider) {
        return new ServerProcess("handloom.model.base-url=", "handloom.model.api-key=",
                "handloom.hands.provider=" + provider).start();
    }

    private static String bash(String command) {
        return "{\"call\":[{\"name\":\"bash\",\"input\":{\"command\":\"" + command + "\"}}]}";
    }

    /** A message that brings the model's answers. */
    private static String rehearse(String... steps) {
        return Client.message("{\"rehearse\":[" + String.join(",", steps) + "]}");
    }

    private static String textOf(JsonNode result) {
        return result.at("/content/0/text").asString();
    }

    /** @throws org.opentest4j.TestAbortedException where this provider makes no hands */
    private static void requireHands(Talk talk, String provider) {
        try (var tail = talk.watch()) {
            talk.send(rehearse(bash("echo hello"), "{\"say\":\"ready\"}"));
            var result = Tail.only("agent.tool_result", tail.untilIdle());
            if (result.path("is_error").asBoolean()) {
                var why = "no hands by " + provider + " here: " + textOf(result);
                System.out.println("A test of killing is skipped: " + why);
                abort(why);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bubblewrap", "docker"})
    void a_command_runs_once_and_its_real_result_arrives(String provider) throws IOException {
        try (var server = server(provider)) {
            var talk = server.client().talk();
            requireHands(talk, provider);
            List<String> seen;
            try (var tail = talk.watch()) {
                talk.send(rehearse(bash(COMMAND), bash("cat trace"), "{\"say\":\"done\"}"));
                seen = KilledTest.ids(tail.until("agent.tool_use"));
                Eventually.holds("the command runs", () -> trace(server, talk, provider).isPresent());
            }
            server.kill();
            server.start();
            var history = KilledTest.historyAtRest(talk);

            KilledTest.assertKept(seen, history);
            assertThat(history.getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
            var results = Tail.all("agent.tool_result", history);
            assertThat(results).hasSize(3)
                    .extracting(KilledToolTest::textOf)
                    .element(1)
                    .asString()
                    .contains(
                            "the real result");
            assertThat(textOf(results.get(2)).strip()).isEqualTo("ran");
            assertThat(trace(server, talk, provider)).hasValue("ran\n");
            talk.client().post(talk.path() + "/archive", "");
        }
    }

    /** What the command has left behind, seen from outside. */
    private static Optional<String> trace(ServerProcess server, Talk talk, String provider) {
        try {
            return provider.equals("docker") ? ofContainer(talk) : ofFolder(server.data().resolve("hands"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private static Optional<String> ofFolder(Path hands) throws IOException {
        try (var folders = Files.newDirectoryStream(hands)) {
            for (var folder : folders) {
                var trace = folder.resolve("workspace").resolve("trace");
                if (Files.exists(trace)) {
                    return Optional.of(Files.readString(trace));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofContainer(Talk talk) throws IOException, InterruptedException {
        var id = docker("ps", "-q", "--filter", "label=handloom.session=" + talk.id()).strip();
        var trace = id.isEmpty() ? "" : docker("exec", id, "cat", "/workspace/trace");
        return trace.isEmpty() ? Optional.empty() : Optional.of(trace);
    }

    private static String docker(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void whatever_makes_the_hands_no_command_runs_twice_and_the_session_goes_on() throws IOException {
        try (var server = server("auto")) {
            var talk = server.client().talk();
            try (var tail = talk.watch()) {
                talk.send(rehearse(bash(COMMAND), bash("cat trace"), "{\"say\":\"done\"}"));
                tail.until("span.model_request_end");
            }
            server.kill();
            server.start();
            var history = KilledTest.historyAtRest(talk);

            assertThat(history.getLast().at("/stop_reason/type").asString()).isEqualTo("end_turn");
            var results = Tail.all("agent.tool_result", history);
            assertThat(results).hasSize(2)
                    .extracting(result -> result.path("tool_use_id"))
                    .containsExactlyElementsOf(Tail.all("agent.tool_use", history)
                            .stream()
                            .map(use -> use.path("id"))
                            .toList());
            assertThat(textOf(results.getLast()).lines().filter("ran"::equals).count()).isLessThanOrEqualTo(1);
            talk.client().post(talk.path() + "/archive", "");
        }
    }
}
