package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Outcome;
import dev.handloom.api.session.SessionLog.Writing;
import dev.handloom.kit.log.sqlite.SqliteLog;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One session's tens of megabytes are not its neighbours' business. */
class NeighboursTest {
    private static final SessionId BIG = EngineContract.ONE;
    private static final SessionId OTHER = EngineContract.OTHER;
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private static void append(Engine log, SessionEvent event, long head) {
        assertThat(log.sessions().append(event.sessionId(), head, List.of(new Writing("e" + head, event, Map.of()))))
                .isEqualTo(new Outcome.Appended(head + 1));
    }

    /** One long value. Whoever writes it down must wait in the middle of it. */
    private static final class LongTold extends AbstractMap<String, String> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public Set<Entry<String, String>> entrySet() {
            begun.countDown();
            try {
                assertThat(goOn.await(1, TimeUnit.MINUTES)).as("told to go on").isTrue();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return Set.of(Map.entry("long", "x".repeat(50 * MEGABYTE)));
        }
    }

    @Test
    @Timeout(120)
    void others_append_and_read_while_fifty_megabytes_are_on_their_way() throws Exception {
        try (var log = new SqliteLog(folder); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var told = new LongTold();
            var created = new SessionEvent.Created(BIG, "sthr_1", "a", new Json("{}"), "env_1", null, told,
                    EngineContract.NOON);
            var big = threads.submit(() -> append(log, created, 0));
            told.begun.await();
            for (int head = 0; head < 200; head++) {
                append(log, EngineContract.said(OTHER, "word " + head), head);
            }
            assertThat(log.sessions().slice(OTHER, 1, SessionLog.SLICE_MAX)).hasSize(200);
            assertThat(big.isDone()).isFalse();
            told.goOn.countDown();
            big.get();
            append(log, EngineContract.said(OTHER, "after"), 200);
            var stored = log.sessions().stored(BIG, 1, 1).getFirst();
            assertThat(stored.bytes()).isGreaterThan(50L * MEGABYTE);
            assertThat(stored.blob()).matches("[0-9a-f]{64}");
            assertThat(log.engine().rows(BIG.value(), 0, 1).getFirst().payload()).hasSizeLessThan(100);
        }
    }

    @Test
    void the_newest_events_in_memory_are_counted_by_what_they_weigh_there() {
        try (var log = new SqliteLog(folder)) {
            for (int head = 0; head < 4; head++) {
                append(log, EngineContract.said(BIG, "x".repeat(7 * MEGABYTE)), head);
            }
            assertThat(log.streams().recent(1)).isNull();
            assertThat(log.streams().recent(2)).isNull();
            assertThat(log.streams().recent(3)).isNotNull();
            assertThat(log.streams().recent(4)).isNotNull();
        }
    }
}
