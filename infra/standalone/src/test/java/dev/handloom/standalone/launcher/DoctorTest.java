package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    private Path home;

    @Test
    void a_machine_on_which_the_platform_starts_is_well_whatever_else_is_missing()
            throws IOException, InterruptedException {
        try (var doctor = Spawned.handloom(home, Map.of("PATH", home.toString(),
                "DOCKER_HOST", "unix://" + home.resolve("no.sock")), "doctor", "--port", "" + freePort())) {
            assertThat(words(doctor.end(0)))
                    .contains("– maven not here", "– bubblewrap not here", "– C compiler not here",
                            "– docker no engine answers at unix://" + home.resolve("no.sock"),
                            "✔ log sqlite, in the data folder",
                            "– model none: a script answers, and says so",
                            "✔ master key made at the first start",
                            "✔ data " + home.resolve(".handloom") + ", not made yet, ", "✔ trial start took ")
                    .endsWith("./handloom serve would work ");
            assertThat(home.resolve(".handloom")).doesNotExist();
        }
    }

    @Test
    void what_would_keep_the_platform_from_starting_is_named_and_a_key_is_not()
            throws IOException, InterruptedException {
        var file = Files.createFile(home.resolve("file")).toString();
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var models = new MessagesServer();
                var doctor = Spawned.handloom(home, Map.of("ANTHROPIC_API_KEY", "sk-ant-wrong", "ANTHROPIC_BASE_URL",
                        models.url(), "HANDLOOM_LOG", "postgres", "HANDLOOM_POSTGRES_URL",
                        "jdbc:postgresql://127.0.0.1:1/log?password=hush"), "doctor", "--port",
                        "" + other.getLocalPort(), "--data", file)) {
            assertThat(words(doctor.end(1)))
                    .contains("✘ model " + models.url() + " does not take the key (401)",
                            "✘ data " + file + " cannot be",
                            "✘ log jdbc:postgresql://127.0.0.1:1/log: Connection to 127.0.0.1:1 refused.",
                            "✘ port port " + other.getLocalPort() + " of 127.0.0.1 is in use")
                    .doesNotContain("sk-ant-wrong", "hush")
                    .endsWith("./handloom serve would not start ");
        }
    }

    /** Wherever its lines were broken. */
    private static String words(String output) {
        return output.replaceAll("\\s+", " ");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
