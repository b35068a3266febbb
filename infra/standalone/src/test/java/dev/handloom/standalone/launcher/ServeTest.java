package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeTest {
    private static final String ADDRESS = "address +(http://127\\.0\\.0\\.1:\\d+)$";

    @TempDir
    private Path home;

    @Test
    void it_says_what_it_is_answers_to_its_key_and_ends_cleanly() throws IOException, InterruptedException {
        try (var server = Spawned.handloom(home, Map.of(), "serve", "--port", "0")) {
            var url = server.until(ADDRESS);
            var data = home.resolve(".handloom");
            var key = data.resolve("api-key");
            assertThat(server.until("key +in (.*)$")).isEqualTo(key.toString());
            server.until("model +rehearsal: no model is answering");
            server.until("hands +");
            assertThat(server.until("data +(.*)$")).isEqualTo(data.toString());
            server.until("ready in ");

            assertThat(Files.getPosixFilePermissions(key)).hasToString("[OWNER_READ, OWNER_WRITE]");
            assertThat(status(url, "wrong")).isEqualTo(401);
            assertThat(status(url, Files.readString(key).strip())).isEqualTo(200);
            assertThat(server.stop().end(143))
                    .endsWith("stopped\n")
                    .doesNotContain(Files.readString(key).strip(), "INFO", "Exception");
        }
    }

    @Test
    void a_key_in_the_environment_is_the_key_and_is_never_printed() throws IOException, InterruptedException {
        try (var server = Spawned.handloom(home, Map.of("HANDLOOM_API_KEY", "sk-of-my-own"), "serve", "--port=0")) {
            var url = server.until(ADDRESS);
            server.until("ready in ");

            assertThat(status(url, "sk-of-my-own")).isEqualTo(200);
            assertThat(home.resolve(".handloom/api-key")).doesNotExist();
            assertThat(server.stop().end(143)).contains("HANDLOOM_API_KEY").doesNotContain("sk-of-my-own");
        }
    }

    @Test
    void a_second_server_is_refused_the_folder_of_the_first() throws IOException, InterruptedException {
        var data = home.resolve("data").toString();
        try (var first = Spawned.handloom(home, Map.of(), "serve", "--port", "0", "--data", data)) {
            first.until("ready in ");
            try (var second = Spawned.handloom(home, Map.of(), "serve", "--port", "0", "--data", data)) {
                assertThat(second.end(1)).endsWith("handloom: the data folder " + data
                        + " cannot be used: another server works in it, process " + first.pid() + "\n");
            }
        }
    }

    @Test
    void a_port_in_use_is_said_in_one_line() throws IOException, InterruptedException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var server = Spawned.handloom(home, Map.of(), "serve", "--port", "" + other.getLocalPort())) {
            assertThat(server.end(1)).endsWith("\nhandloom: port " + other.getLocalPort()
                    + " of 127.0.0.1 is in use by another program; choose one with --port\n")
                    .doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HANDLOOM_HANDS_PROVIDER, cloud, 'handloom.hands.provider must be auto, docker, bubblewrap or jvm, not cloud'",
        "HANDLOOM_HANDS_MEMORY, much, 'handloom.hands.memory: '",
        "ANTHROPIC_BASE_URL, nowhere, 'handloom.model.base-url must be an http or https URL without query: nowhere'",
        "HANDLOOM_LOG, paper, 'handloom.log must be one of sqlite, postgres, axonserver, not paper'",
        "HANDLOOM_API_KEY, a b, 'handloom.api.key may hold visible ASCII characters only'"})
    void a_wrong_setting_is_named_in_one_line(String name, String value, String line)
            throws IOException, InterruptedException {
        try (var server = Spawned.handloom(home, Map.of(name, value), "serve", "--port", "0")) {
            assertThat(server.end(2)).contains("\nhandloom: " + line).doesNotContain("\tat ");
        }
    }

    @Test
    void a_database_that_does_not_answer_is_said_in_one_line() throws IOException, InterruptedException {
        var url = "jdbc:postgresql://127.0.0.1:1/log";
        try (var server = Spawned.handloom(home, Map.of("HANDLOOM_LOG", "postgres", "HANDLOOM_POSTGRES_URL",
                url + "?password=hush"), "serve", "--port", "0")) {
            assertThat(server.end(1)).contains("handloom: the log's database " + url + " cannot be used: ")
                    .doesNotContain("\tat ", "hush");
        }
    }

    @Test
    void a_data_folder_that_cannot_be_is_said_in_one_line() throws IOException, InterruptedException {
        var file = Files.createFile(home.resolve("file")).toString();
        try (var server = Spawned.handloom(home, Map.of(), "serve", "--port", "0", "--data", file)) {
            assertThat(server.end(1)).endsWith("handloom: the data folder " + file + " cannot be used: " + file
                    + " is a file\n");
        }
    }

    private static int status(String url, String key) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url + "/v1/models")).header("x-api-key", key).build(),
                    BodyHandlers.discarding()).statusCode();
        }
    }
}
