package dev.handloom.kit.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on the disk: how large it grows, and what is left of what was erased. */
class EventFileTest {
    private static final SessionId ONE = EngineContract.ONE;
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private static void append(Engine log, long from, int events, String text) {
        log.store()
                .publish(LongStream.range(from, from + events)
                        .mapToObj(position -> EngineContract.message(position, EngineContract.said(ONE, text)))
                        .toList());
    }

    /** Left to itself, SQLite starts its write-ahead log afresh only in a moment in which nobody reads. */
    @Test
    void the_write_ahead_log_stays_small_though_somebody_always_reads() throws Exception {
        long largest = 0;
        try (var log = new SqliteLog(folder); var _ = new RestlessReader(folder.resolve("events.db"))) {
            for (int i = 0; i < 1500; i++) {
                append(log, 1 + i * 10L, 10, "x".repeat(3000));
                largest = Math.max(largest, Files.size(folder.resolve("events.db-wal")));
            }
        }
        assertThat(Files.size(folder.resolve("events.db"))).isGreaterThan(45 * MEGABYTE);
        assertThat(largest).isLessThan(30 * MEGABYTE);
    }

    /** Two connections that read in turn: each begins again before the other ends, so that there is never a pause. */
    private static final class RestlessReader implements AutoCloseable {
        private final Path file;
        private final Thread thread;
        private volatile boolean done;

        RestlessReader(Path file) {
            this.file = file;
            this.thread = Thread.ofPlatform().start(this::read);
        }

        private void read() {
            try (var one = connection(); var other = connection()) {
                while (!done) {
                    begin(one);
                    begin(other);
                }
            } catch (SQLException broken) {
                throw new IllegalStateException(broken);
            }
        }

        private Connection connection() throws SQLException {
            var connection = DriverManager.getConnection("jdbc:sqlite:" + file, EventFile.settings());
            connection.setAutoCommit(false);
            return connection;
        }

        private static void begin(Connection connection) throws SQLException {
            connection.commit();
            try (var select = connection.createStatement()) {
                select.executeQuery("select max(global) from event");
            }
        }

        @Override
        public void close() {
            done = true;
            try {
                thread.join();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Not even the sealed bytes, nor the key that would open them: some day somebody may learn the master key. */
    @Test
    void nothing_of_an_erased_session_is_left_in_any_file() throws Exception {
        var secret = "the client's secret plan";
        try (var log = new SqliteLog(folder)) {
            append(log, 1, 20, secret);
            append(log, 21, 1, "a large one, over several pages: " + (secret + " ").repeat(2000));
            append(log, 22, 1, "one that lies beside the log: " + (secret + " ").repeat(5000));
            log.store().storeSnapshot(EngineContract.message(22, EngineContract.said(ONE, secret)));
            log.store().publish(List.of(EngineContract.message(23, EngineContract.deleted(ONE))));
            var sealed = new ArrayList<String>();
            sealed.add(wrappedKey());
            log.engine().rows(ONE.value(), 0, 22).forEach(row -> sealed.add(end(row.payload())));
            assertThat(filesWith(secret)).isEmpty();
            assertThat(sealed).allSatisfy(bytes -> assertThat(filesWith(bytes)).isNotEmpty());
            log.sessions().erase(ONE);
            assertThat(sealed).allSatisfy(bytes -> assertThat(filesWith(bytes)).isEmpty());
            append(log, 24, 1, "the log goes on");
            assertThat(log.sessions().slice(ONE, 1, 10)).hasSize(2);
        }
        assertThat(filesWith(secret)).isEmpty();
    }

    private String wrappedKey() throws SQLException {
        try (var keys = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("keys.db"));
                var select = keys.createStatement();
                var found = select.executeQuery("select wrapped from session_key")) {
            return new String(found.getBytes(1), StandardCharsets.ISO_8859_1);
        }
    }

    /** Cipher text, and short enough to lie in one page of the file. */
    private static String end(byte[] payload) {
        return new String(payload, payload.length - 32, 32, StandardCharsets.ISO_8859_1);
    }

    private List<Path> filesWith(String text) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> holds(file, text)).toList();
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    void a_file_that_is_no_event_file_is_refused_by_name() throws IOException {
        Files.writeString(folder.resolve("events.db"), "this is no database. ".repeat(1000));
        assertThatThrownBy(() -> new SqliteLog(folder)).isInstanceOf(EventStoreException.class)
                .hasMessageContaining("events.db");
    }
}
