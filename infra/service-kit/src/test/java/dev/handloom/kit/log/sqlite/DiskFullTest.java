package dev.handloom.kit.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.SmallDisk;
import dev.handloom.kit.log.StorageFull;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Goal: a full disk costs no event and no restart. Method: a file system of a few megabytes and a file that fills it. */
class DiskFullTest {
    private static final SessionId ONE = EngineContract.ONE;
    private static final String KILOBYTES = "x".repeat(3000);

    @TempDir
    private Path folder;

    private SmallDisk aSmallDisk() throws IOException {
        return SmallDisk.mount(folder.resolve("disk"), 6);
    }

    private static void append(Engine log, SessionId session, long from, int events) {
        log.store()
                .publish(LongStream.range(from, from + events)
                        .mapToObj(at -> EngineContract.message(at, EngineContract.said(session, at + KILOBYTES)))
                        .toList());
    }

    private static long appendUntilFull(Engine log) {
        long head = 0;
        while (true) {
            try {
                append(log, ONE, head + 1, 1);
                head++;
            } catch (StorageFull full) {
                return head;
            }
        }
    }

    private static void assertWhole(Engine log, SessionId session, long head) {
        assertThat(log.sessions().head(session)).isEqualTo(head);
        long next = 1;
        while (next <= head) {
            var slice = log.sessions().slice(session, next, SessionLog.SLICE_MAX);
            assertThat(slice).isNotEmpty();
            for (var entry : slice) {
                assertThat(entry.position()).isEqualTo(next);
                assertThat(EngineContract.textOf(entry.event())).isEqualTo(next + KILOBYTES);
                next++;
            }
        }
    }

    @Test
    void appends_are_refused_reads_go_on_and_appends_work_again_once_there_is_room() throws Exception {
        try (var disk = aSmallDisk(); var log = new SqliteLog(disk.folder())) {
            disk.leaveFree(1 << 20);
            long head = appendUntilFull(log);
            assertThat(head).isPositive();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> append(log, ONE, head + 1, 50)).isInstanceOf(StorageFull.class);
                assertWhole(log, ONE, head);
            }
            disk.free();
            append(log, ONE, head + 1, 50);
            append(log, ONE, head + 51, 1);
            assertWhole(log, ONE, head + 51);
        }
    }

    /** What SQLite does when the disk fills up in the middle of a transaction must not tear a group apart. */
    @Test
    void nothing_is_half_stored_when_many_write_into_the_last_of_the_room() throws Exception {
        try (var disk = aSmallDisk(); var log = new SqliteLog(disk.folder())) {
            disk.leaveFree(1 << 20);
            var heads = EngineContract.together(IntStream.range(0, 16).mapToObj(i -> (Callable<Long>) () -> {
                long stored = 0;
                for (int tries = 0; tries < 40; tries++) {
                    try {
                        append(log, new SessionId("sesn_f" + i), stored + 1, 7);
                        stored += 7;
                    } catch (StorageFull full) {
                        // Others may still find room for less.
                    }
                }
                return stored;
            }).toList());
            assertThat(heads.stream().mapToLong(Long::longValue).sum()).isLessThan(16 * 40 * 7);
            disk.free();
            for (int i = 0; i < heads.size(); i++) {
                var session = new SessionId("sesn_f" + i);
                assertWhole(log, session, heads.get(i));
                append(log, session, heads.get(i) + 1, 7);
                assertWhole(log, session, heads.get(i) + 7);
            }
        }
    }

    @Test
    void a_log_that_is_opened_on_a_full_disk_can_be_read_and_goes_on_once_there_is_room() throws Exception {
        try (var disk = aSmallDisk()) {
            long head;
            try (var log = new SqliteLog(disk.folder())) {
                disk.leaveFree(1 << 20);
                head = appendUntilFull(log);
            }
            disk.leaveFree(128 << 10);
            try (var log = new SqliteLog(disk.folder())) {
                assertWhole(log, ONE, head);
                assertThatThrownBy(() -> append(log, ONE, head + 1, 100)).isInstanceOf(StorageFull.class);
                disk.free();
                append(log, ONE, head + 1, 100);
                assertWhole(log, ONE, head + 100);
            }
        }
    }

    @Test
    void a_full_disk_is_told_from_a_conflict() throws Exception {
        try (var disk = aSmallDisk(); var log = new SqliteLog(disk.folder())) {
            disk.leaveFree(1 << 20);
            long head = appendUntilFull(log);
            assertThatThrownBy(() -> append(log, ONE, head, 1))
                    .isInstanceOfAny(StorageFull.class, ConcurrencyException.class);
            disk.free();
            assertThatThrownBy(() -> append(log, ONE, head, 1))
                    .isInstanceOf(ConcurrencyException.class);
            assertThat(List.of(log.sessions().head(ONE))).containsExactly(head);
        }
    }
}
