package dev.handloom.kit.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnavailable;
import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.Serializers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The writer's thread: nobody waits for ever, whatever becomes of it. */
class GroupCommitTest {
    private static final SessionId ONE = EngineContract.ONE;

    @TempDir
    private Path folder;
    private EventFile file;

    @BeforeEach
    void file() {
        file = new EventFile(folder.resolve("events.db"));
    }

    private static void append(SqliteLog log, SessionId session, long position) {
        log.store()
                .publish(List.of(EngineContract.message(position, EngineContract.said(session, "said"))));
    }

    /** Stands still at the first commit until it is let go, so that a test can fill the queue behind it. */
    private static final class HeldWriter extends SqliteWriter {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);

        HeldWriter(EventFile file) {
            super(file);
        }

        @Override
        public long commit(List<Row> rows) throws SQLException {
            reached.countDown();
            try {
                go.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
            return super.commit(rows);
        }
    }

    @Test
    void closing_writes_what_waits_and_refuses_what_comes_later() throws Exception {
        var writer = new HeldWriter(file);
        var log = new SqliteLog(file, writer);
        var first = Thread.ofVirtual().start(() -> append(log, ONE, 1));
        writer.reached.await();
        var waiting = IntStream.range(0, 50)
                .mapToObj(i -> Thread.ofVirtual().start(() -> append(log, new SessionId("sesn_q" + i), 1)))
                .toList();
        while (waiting.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
            Thread.onSpinWait();
        }
        var closing = Thread.ofVirtual().start(log::close);
        while (closing.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        writer.go.countDown();
        first.join();
        for (var thread : waiting) {
            thread.join();
        }
        closing.join();
        assertThatThrownBy(() -> append(log, ONE, 2)).isInstanceOf(LogUnavailable.class)
                .hasMessageContaining("closed");
        try (var again = new SqliteLog(folder)) {
            assertThat(again.sessions().head(ONE)).isEqualTo(1);
            for (int i = 0; i < 50; i++) {
                assertThat(again.sessions().head(new SessionId("sesn_q" + i))).isEqualTo(1);
            }
        }
    }

    @Test
    void writers_that_race_with_the_closing_are_answered_one_way_or_the_other() throws Exception {
        var log = new SqliteLog(folder);
        var acknowledged = EngineContract.together(IntStream.range(0, 64).mapToObj(i -> (Callable<Long>) () -> {
            var session = new SessionId("sesn_c" + i);
            long position = 0;
            try {
                while (true) {
                    if (i == 0 && position == 20) {
                        log.close();
                    }
                    append(log, session, position + 1);
                    position++;
                }
            } catch (LogUnavailable closed) {
                return position;
            }
        }).toList());
        try (var again = new SqliteLog(folder)) {
            for (int i = 0; i < acknowledged.size(); i++) {
                assertThat(again.sessions().head(new SessionId("sesn_c" + i))).isEqualTo(acknowledged.get(i));
            }
        }
    }

    @Test
    void closing_twice_is_closing_once() {
        var log = new SqliteLog(folder);
        log.close();
        log.close();
        assertThatThrownBy(() -> append(log, ONE, 1)).isInstanceOf(LogUnavailable.class);
    }

    /** A disk whose flushes begin to fail. */
    private static final class FailingDisk extends SqliteWriter {
        private volatile boolean failing;

        FailingDisk(EventFile file) {
            super(file);
        }

        @Override
        public long commit(List<Row> rows) throws SQLException {
            if (failing) {
                failing = false;
                throw new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            }
            return super.commit(rows);
        }
    }

    @Test
    void after_a_flush_that_failed_nothing_is_acknowledged_until_the_log_is_opened_again() {
        var writer = new FailingDisk(file);
        try (var log = new SqliteLog(file, writer)) {
            append(log, ONE, 1);
            writer.failing = true;
            assertThatThrownBy(() -> append(log, ONE, 2)).isInstanceOf(LogUnavailable.class)
                    .hasMessageContaining("disk failed");
            assertThatThrownBy(() -> append(log, ONE, 2)).isInstanceOf(LogUnavailable.class);
            assertThat(log.sessions().slice(ONE, 1, 10)).hasSize(1);
        }
        try (var again = new SqliteLog(folder)) {
            append(again, ONE, 2);
            assertThat(again.sessions().head(ONE)).isEqualTo(2);
        }
    }

    @Test
    void an_error_in_the_writer_ends_it_and_nobody_is_left_waiting() {
        var writer = new SqliteWriter(file) {
            @Override
            public long commit(List<Row> rows) {
                throw new StackOverflowError("a mistake");
            }
        };
        try (var log = new SqliteLog(file, writer)) {
            assertThatThrownBy(() -> append(log, ONE, 1)).isInstanceOf(LogUnavailable.class);
            assertThatThrownBy(() -> append(log, ONE, 1)).isInstanceOf(LogUnavailable.class);
        }
    }

    @Test
    void a_chore_that_fails_fails_alone() throws Exception {
        try (var log = new SqliteLog(folder)) {
            assertThatThrownBy(() -> log.commits().run(_ -> {
                throw new SQLException("no");
            })).isInstanceOf(SQLException.class).hasMessage("no");
            assertThatThrownBy(() -> log.commits().run(_ -> {
                throw new IllegalStateException("a mistake");
            })).isInstanceOf(EventStoreException.class);
            append(log, ONE, 1);
            assertThat(log.sessions().head(ONE)).isEqualTo(1);
        }
    }

    @Test
    void a_commit_that_fails_midway_leaves_nothing_of_itself_and_the_next_one_works() {
        try (var log = new SqliteLog(folder)) {
            append(log, ONE, 1);
            var rows = List.of(row(2), row(3), row(3));
            assertThatThrownBy(() -> log.commits().append(List.of(), rows)).isInstanceOf(SQLException.class);
            assertThat(log.sessions().head(ONE)).isEqualTo(1);
            append(log, ONE, 2);
            assertThat(log.sessions().slice(ONE, 1, 10)).hasSize(2);
        }
    }

    private static Row row(long position) {
        return Row.of(EngineContract.message(position, EngineContract.said(ONE, "said")), Serializers.json());
    }
}
