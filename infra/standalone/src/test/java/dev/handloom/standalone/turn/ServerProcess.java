package dev.handloom.standalone.turn;

import dev.handloom.standalone.StandaloneApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;

/** The platform as a process of its own, which can be killed the hard way and started again on the same data. */
final class ServerProcess implements AutoCloseable {
    private final Path data;
    private final int port;
    private final List<String> command = new ArrayList<>();
    private @Nullable Process process;

    ServerProcess(String... settings) {
        try {
            data = Files.createTempDirectory("handloom-kill");
            try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                StandaloneApplication.class.getName(), "--spring.config.name=standalone", "--server.port=" + port,
                "--handloom.data=" + data, "--handloom.api.key=" + Running.KEY, "--handloom.model.auth-token="));
        for (var setting : settings) {
            command.add("--" + setting);
        }
    }

    Path data() {
        return data;
    }

    Client client() {
        return new Client(port);
    }

    /** Returns when it takes connections. */
    ServerProcess start() {
        try {
            var started = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("server.log").toFile()))
                    .start();
            process = started;
            Eventually.holds("the server takes connections", () -> {
                if (!started.isAlive()) {
                    throw new AssertionError("the server ended as it started: " + log());
                }
                return connects();
            });
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private boolean connects() {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** SIGKILL: no hook runs, nothing is flushed. */
    void kill() {
        var running = process;
        if (running == null) {
            return;
        }
        try {
            if (!running.destroyForcibly().waitFor(ModelServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the server survived SIGKILL");
            }
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
        process = null;
    }

    String log() {
        try {
            return Files.readString(data.resolve("server.log"));
        } catch (IOException none) {
            return none.toString();
        }
    }

    /** Ends it the soft way, then removes its data. */
    @Override
    public void close() throws IOException {
        var running = process;
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(ModelServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    kill();
                }
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }
        FileSystemUtils.deleteRecursively(data);
    }
}
