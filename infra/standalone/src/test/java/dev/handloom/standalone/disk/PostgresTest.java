package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole platform with its log in PostgreSQL. */
class PostgresTest {
    private static EmbeddedPostgres server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        try {
            server = EmbeddedPostgres.builder().setServerConfig("fsync", "on").start();
        } catch (IOException | RuntimeException cannotStart) {
            Assumptions.abort("skipped: PostgreSQL cannot start here, as root it needs user namespaces: "
                    + cannotStart);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static String[] settings() {
        return new String[]{"handloom.log=postgres", "handloom.postgres.username=postgres",
            "handloom.postgres.url=jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres"};
    }

    @Test
    void a_session_runs_survives_a_restart_and_the_loss_of_what_follows_from_the_log() throws IOException {
        String session;
        try (var platform = Platform.on(folder, settings())) {
            session = platform.newSession(platform.newAgent(), platform.newEnvironment());
            assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
            platform.rests(session, 1);
            assertThat(folder.resolve("events.db")).doesNotExist();
            assertThat(platform.context().getBeansOfType(DataSource.class)).hasSize(1);
        }
        try (var platform = Platform.on(folder, settings())) {
            int before = platform.history(session).size();
            assertThat(platform.say(session, "and on").statusCode()).isEqualTo(200);
            platform.rests(session, 2);
            assertThat(platform.history(session)).hasSizeGreaterThan(before);
            assertThat(platform.history(session, "user.message")).hasSize(2);
        }
        for (var file : new String[]{"state.db", "state.db-wal", "state.db-shm"}) {
            Files.deleteIfExists(folder.resolve(file));
        }
        try (var platform = Platform.on(folder, settings())) {
            Platform.eventually("the list of sessions is back", () -> platform.get("/v1/sessions")
                    .path("data")
                    .findValuesAsString("id")
                    .contains(session));
            assertThat(platform.say(session, "still here").statusCode()).isEqualTo(200);
            platform.rests(session, 3);
        }
    }

    @Test
    void the_state_of_one_log_is_not_used_with_another() throws IOException {
        Platform.on(folder.resolve("mine")).close();
        assertThatThrownBy(() -> Platform.on(folder.resolve("mine"), settings()))
                .hasStackTraceContaining("belongs to another log");
    }
}
