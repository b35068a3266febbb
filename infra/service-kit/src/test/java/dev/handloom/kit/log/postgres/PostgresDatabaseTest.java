package dev.handloom.kit.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnusable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of the database before anything is written to it, and what stands in it. */
class PostgresDatabaseTest {
    private static final SessionId ONE = EngineContract.ONE;

    private final PostgresServer server = PostgresServer.shared();
    private final String place = server.emptyPlace();

    @TempDir
    private Path folder;

    private static PostgresSettings settings(String url, @Nullable String password, @Nullable Path file) {
        return new PostgresSettings(url, "postgres", password, file, 1);
    }

    private static void append(Engine log, SessionId session, long position) {
        log.store()
                .publish(List.of(EngineContract.message(position,
                        EngineContract.said(session, String.valueOf(position)))));
    }

    private String table(String name) {
        return place.replaceFirst(".*=", "") + "." + name;
    }

    /** The other tests say something about durability only if this holds. */
    @Test
    void the_server_of_these_tests_forces_commits_to_the_disk() {
        assertThat(server.ask("show fsync")).isEqualTo("on");
        assertThat(server.ask("show synchronous_commit")).isEqualTo("on");
        assertThat(server.ask("show full_page_writes")).isEqualTo("on");
    }

    @Test
    void a_server_that_does_not_answer_is_named_in_one_line_without_what_may_be_secret() throws IOException {
        int port;
        try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = nobody.getLocalPort();
        }
        var url = "jdbc:postgresql://127.0.0.1:" + port + "/log?password=hush";
        assertThatThrownBy(() -> PostgresDatabase.open(settings(url, null, null))).isInstanceOf(LogUnusable.class)
                .hasMessageStartingWith("the log's database jdbc:postgresql://127.0.0.1:" + port
                        + "/log cannot be used: ")
                .hasMessageNotContainingAny("hush", "\n");
    }

    @Test
    void a_schema_that_is_not_there_is_said() {
        assertThatThrownBy(() -> PostgresDatabase.open(settings(place + "x", null, null)))
                .isInstanceOf(LogUnusable.class)
                .hasMessageContaining("the schema that handloom.postgres.url names is not there");
    }

    @Test
    void tables_of_others_in_the_schema_do_not_matter_unless_they_have_our_names() {
        server.run("create table " + table("invoice") + " (id int)");
        try (var log = new PostgresEngine(place)) {
            append(log, ONE, 1);
            assertThat(log.sessions().head(ONE)).isEqualTo(1);
        }
        var taken = server.emptyPlace();
        server.run("create table " + taken.replaceFirst(".*=", "") + ".event (id int)");
        assertThatThrownBy(() -> PostgresDatabase.open(settings(taken, null, null))).isInstanceOf(LogUnusable.class)
                .hasMessageContaining("event");
    }

    @Test
    void a_global_index_is_not_given_out_again_when_its_event_was_erased() {
        try (var log = new PostgresEngine(place)) {
            append(log, ONE, 1);
            append(log, ONE, 2);
            log.engine().erase(ONE.value(), 1);
        }
        try (var log = new PostgresEngine(place)) {
            append(log, EngineContract.OTHER, 1);
        }
        assertThat(server.ask("select string_agg(global::text, ' ') from " + table("event"))).isEqualTo("3");
    }

    @Test
    void a_password_comes_from_the_setting_or_the_first_line_of_a_file_and_is_never_shown() throws IOException {
        var file = Files.writeString(folder.resolve("password"), "hush\nsecond line\n");
        assertThat(settings(place, null, file).password()).isEqualTo("hush");
        assertThat(settings(place, null, file).toString()).doesNotContain("hush");
        assertThat(settings(place, "", file).password()).isEqualTo("hush");
        assertThatThrownBy(() -> settings(place, "other", file)).hasMessageStartingWith("handloom.postgres.password");
        assertThatThrownBy(() -> settings(place, null, folder.resolve("none")))
                .hasMessageStartingWith("handloom.postgres.password-file cannot be read: ");
        assertThatThrownBy(() -> settings("jdbc:sqlite:x?password=hush", null, null))
                .hasMessage("handloom.postgres.url must begin with jdbc:postgresql: and not be jdbc:sqlite:x");
    }
}
