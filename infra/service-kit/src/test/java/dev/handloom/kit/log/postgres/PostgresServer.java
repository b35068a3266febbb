package dev.handloom.kit.log.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/** A PostgreSQL of the tests' own, which forces every commit to the disk. Where it cannot start, tests are skipped. */
final class PostgresServer {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();
    private static @Nullable PostgresServer shared;
    private static @Nullable String why;

    private final Path data;
    private EmbeddedPostgres server;

    private PostgresServer() throws IOException {
        data = Files.createTempDirectory("handloom-postgres-");
        server = start(0);
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
    }

    /** The same for all tests of this process. */
    static synchronized PostgresServer shared() {
        if (shared == null && why == null) {
            try {
                shared = new PostgresServer();
            } catch (IOException | RuntimeException cannotStart) {
                why = "skipped: PostgreSQL cannot start here, as root it needs user namespaces: " + cannotStart;
            }
        }
        Assumptions.assumeTrue(shared != null, why);
        return Objects.requireNonNull(shared);
    }

    /** The launcher passes -F, which turns fsync off; what comes later on the command line wins. */
    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port == 0 ? freePort() : port)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void end() {
        try {
            server.close();
            FileSystemUtils.deleteRecursively(data);
        } catch (IOException left) {
            System.err.println("PostgreSQL was left in " + data + ": " + left);
        }
    }

    /** Stops it, as an operator would, and starts it again at the same port. */
    void restart() throws IOException {
        int port = server.getPort();
        server.close();
        server = start(port);
    }

    int port() {
        return server.getPort();
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", null);
    }

    void run(String statement) {
        try (var connection = connect(); var run = connection.createStatement()) {
            run.execute(statement);
        } catch (SQLException failed) {
            throw new AssertionError(statement, failed);
        }
    }

    String ask(String query) {
        try (var connection = connect();
                var ask = connection.createStatement();
                var answer = ask.executeQuery(query)) {
            answer.next();
            return answer.getString(1);
        } catch (SQLException failed) {
            throw new AssertionError(query, failed);
        }
    }

    /** A place for a log, with nothing in it. */
    String emptyPlace() {
        var schema = "log" + SCHEMAS.incrementAndGet();
        run("create schema " + schema);
        return url() + "?currentSchema=" + schema;
    }
}
