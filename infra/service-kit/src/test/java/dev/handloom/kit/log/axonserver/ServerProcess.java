package dev.handloom.kit.log.axonserver;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * A server that a test may start and kill: {@code AXON_SERVER_START} is the command, run by sh in a folder that
 * outlives it, with {@code GRPC_PORT} and {@code HTTP_PORT} in its environment.
 */
final class ServerProcess {
    static final String COMMAND = "AXON_SERVER_START";
    static final String SKIPPED = "AXON_SERVER_START gives no command that starts an Axon Server";

    private final Path folder;
    private final int grpcPort;
    private final int httpPort;
    private Process process;

    ServerProcess(Path folder) throws IOException {
        this.folder = folder;
        this.grpcPort = freePort();
        this.httpPort = freePort();
        this.process = begin();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process begin() throws IOException {
        var command = new ProcessBuilder("sh", "-c", System.getenv(COMMAND)).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output").toFile()));
        command.environment().put("GRPC_PORT", String.valueOf(grpcPort));
        command.environment().put("HTTP_PORT", String.valueOf(httpPort));
        return command.start();
    }

    String address() {
        return "localhost:" + grpcPort;
    }

    /** With SIGKILL, and whatever it started. */
    void kill() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    void startAgain() throws IOException {
        process = begin();
    }
}
