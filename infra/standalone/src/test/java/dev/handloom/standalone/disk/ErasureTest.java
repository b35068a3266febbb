package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/**
 * Goal: of a deleted session nothing can be found that it said. Method: the real server, a session that has said its
 * words in every way there is, and a look at every byte of the data folder.
 */
class ErasureTest {
    private static final String SAID = "word-of-the-user";
    private static final String TITLE = "word-of-the-title";
    private static final String NOTE = "word-of-the-metadata";
    private static final String SYSTEM = "word-of-the-system-prompt";
    private static final String DONE = "word-of-the-tool";
    private static final String LONG = "word-of-the-long-message";
    private static final List<String> WORDS = List.of(SAID, TITLE, NOTE, SYSTEM, DONE, LONG);
    /** All but the title, which lists are searched by: it stands open in the state file, until its session is deleted. */
    private static final List<String> SEALED = List.of(SAID, NOTE, SYSTEM, DONE, LONG);

    @TempDir
    private Path folder;

    private static String session(Platform platform, String agent, String environment) {
        return platform.newId("/v1/sessions", """
                {"agent":{"type":"agent_with_overrides","id":"%s","system":"%s"},"environment_id":"%s","title":"%s",
                 "metadata":{"note":"%s"}}""".formatted(agent, SYSTEM, environment, TITLE, NOTE));
    }

    private static String lived(Platform platform, String agent, String environment) {
        var session = session(platform, agent, environment);
        assertThat(platform.say(session, ("{'rehearse':[{'say':'" + SAID + "','call':[{'name':'bash','input':"
                + "{'command':'echo " + DONE + " | tee /workspace/file'}}]},{'say':'{{result}}'}]}")
                .replace("'", "\\\"")).statusCode()).isEqualTo(200);
        platform.rests(session, 1);
        assertThat(platform.say(session, (LONG + " ").repeat(10_000)).statusCode()).isEqualTo(200);
        platform.rests(session, 2);
        return session;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jvm", "bubblewrap"})
    void no_byte_of_a_deleted_session_is_left_and_every_byte_of_its_neighbour(String provider) throws Exception {
        Assumptions.assumeTrue(provider.equals("jvm") || Files.isExecutable(Path.of("/usr/bin/bwrap")),
                "skipped: bubblewrap is not here");
        try (var platform = Platform.on(folder, "handloom.hands.provider=" + provider)) {
            var agent = platform.newAgent();
            var environment = platform.newEnvironment();
            var session = lived(platform, agent, environment);
            var other = lived(platform, agent, environment);
            var history = platform.history(other);
            assertThat(words(history)).isEqualTo(words(platform.history(session))).containsAll(WORDS.subList(4, 6));
            for (var word : SEALED) {
                assertThat(databasesWith(word)).as("before the session is deleted, of %s", word).isEmpty();
            }
            var sealed = sealed(session);
            assertThat(sealed).hasSizeGreaterThan(10)
                    .allSatisfy(bytes -> assertThat(filesWith(bytes)).isNotEmpty());

            assertThat(platform.send("DELETE", "/v1/sessions/" + session, "").statusCode()).isEqualTo(200);

            assertThat(sealed).allSatisfy(bytes -> assertThat(filesWith(bytes)).isEmpty());
            assertThat(folder.resolve("blobs").resolve(session)).doesNotExist();
            Platform.eventually("nothing in the state is the session's", () -> rowsOf(platform, session) == 0);
            assertThat(rowsOf(platform, other)).isPositive();
            for (var word : SEALED) {
                assertThat(databasesWith(word)).as(word).isEmpty();
            }
            assertThat(platform.history(other)).isEqualTo(history);
            assertThat(platform.send("DELETE", "/v1/sessions/" + other, "").statusCode()).isEqualTo(200);
            for (var word : WORDS) {
                Platform.eventually("nothing says " + word, () -> filesWith(word).isEmpty());
            }
        }
    }

    private static List<String> words(List<JsonNode> history) {
        return WORDS.stream().filter(word -> history.toString().contains(word)).toList();
    }

    /** What nobody but the key's owner can read, and nobody shall be able to keep for the day it is stolen. */
    private List<String> sealed(String session) throws SQLException {
        var sealed = new ArrayList<String>();
        add(sealed, "keys.db", "select wrapped from session_key where owner = ?", session);
        assertThat(sealed).hasSize(1);
        add(sealed, "events.db", "select payload from event where stream = ?", session);
        return sealed;
    }

    private void add(List<String> sealed, String file, String query, String session) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(file));
                var select = connection.prepareStatement(query)) {
            select.setString(1, session);
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    var bytes = found.getBytes(1);
                    sealed.add(new String(bytes, bytes.length - 24, 24, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private static long rowsOf(Platform platform, String session) {
        var state = JdbcClient.create(platform.context().getBean(DataSource.class));
        long rows = 0;
        for (var query : List.of("select count(*) from session_row where id = ?",
                "select count(*) from usage_row where session_id = ?",
                "select count(*) from usage_session where id = ?",
                "select count(*) from tool_row where session_id = ?",
                "select count(*) from work where session_id = ?", "select count(*) from hand where session_id = ?",
                "select count(*) from AssociationValueEntry where associationValue = ?",
                "select count(*) from SagaEntry where sagaId not in (select sagaId from AssociationValueEntry) or ? = ''")) {
            rows += state.sql(query).param(session).query(Long.class).single();
        }
        return rows;
    }

    private List<Path> databasesWith(String text) {
        return filesWith(text).stream().filter(file -> file.getFileName().toString().contains(".db")).toList();
    }

    /** Files may go while they are looked for: what is gone holds nothing. */
    private List<Path> filesWith(String text) {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && holds(file, text)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return found;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    /** As when the process dies between the two. */
    @Test
    void a_session_whose_content_was_not_erased_when_it_was_deleted_is_erased_all_the_same() throws Exception {
        try (var platform = Platform.on(folder)) {
            var session = lived(platform, platform.newAgent(), platform.newEnvironment());
            var sealed = sealed(session);
            platform.context()
                    .getBean(CommandGateway.class)
                    .sendAndWait(new SessionCommand.Delete(new SessionId(session)));
            Platform.eventually("nothing is left", () -> sealed.stream().allMatch(bytes -> filesWith(bytes).isEmpty()));
        }
    }
}
