package dev.handloom.session.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WatcherTest {
    private static final SessionId ID = new SessionId("sesn_1");
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Set<String> MESSAGES = Set.of("agent.message");

    private final Log log = new Log();
    private final Watcher watcher = new Watcher(ID, log);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A log in memory that grows at two moments: after it was read first, and before it is read again. */
    private static final class Log implements SessionLog {
        private final List<Entry> entries = new ArrayList<>();
        private Runnable afterFirst = () -> {};
        private Runnable beforeSecond = () -> {};
        private int reads;

        @Override
        public List<Entry> slice(SessionId session, long from, int limit) {
            if (++reads == 2) {
                beforeSecond.run();
            }
            var slice = entries.stream().filter(entry -> entry.position() >= from).limit(limit).toList();
            if (reads == 1) {
                afterFirst.run();
            }
            return slice;
        }

        @Override
        public Outcome append(SessionId session, long head, List<Writing> events) {
            throw new AssertionError("nobody appends");
        }

        @Override
        public List<Stored> stored(SessionId session, long from, int limit) {
            throw new AssertionError("nobody asks how it is stored");
        }

        @Override
        public void erase(SessionId session) {
            entries.subList(0, entries.size() - 1).clear();
        }

        @Override
        public long head(SessionId session) {
            return entries.isEmpty() ? 0 : entries.getLast().position();
        }

        @Override
        public AutoCloseable tail(Consumer<Entry> listener) {
            return () -> {};
        }
    }

    private SessionLog.Entry write(SessionEvent event) {
        var entry = new SessionLog.Entry(log.head(ID) + 1, event);
        log.entries.add(entry);
        return entry;
    }

    private void commit(SessionEvent event) {
        watcher.offer(new Frame.Stored(write(event), log));
    }

    private static SessionEvent running(String id) {
        return new SessionEvent.StatusRunning(ID, id, AT);
    }

    private void end() {
        commit(new SessionEvent.StatusTerminated(ID, "end", AT));
    }

    private void preview(String id, String text) {
        watcher.offer(new Preview.Started(ID, id, "agent.message"));
        watcher.offer(new Preview.TextAdded(ID, id, text));
    }

    /** What was sent, in the events' own words. */
    private List<String> sent() {
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.replaceAll(".*\"(?:id|event_id)\":\"([^\"]+)\".*", "$1"))
                .toList();
    }

    private void pump(long after) throws IOException, InterruptedException {
        watcher.pump(after, MESSAGES, out);
    }

    @Test
    void what_is_missing_is_read_from_the_log_and_what_came_meanwhile_is_not_sent_twice() throws Exception {
        write(running("a"));
        write(running("b"));
        commit(running("c"));
        end();
        pump(1);

        assertThat(sent()).containsExactly("b", "c", "end");
    }

    @Test
    void a_gap_in_the_queue_is_filled_from_the_log() throws Exception {
        log.afterFirst = () -> {
            commit(running("a"));
            write(running("b"));
            commit(running("c"));
            end();
        };
        pump(0);

        assertThat(sent()).containsExactly("a", "b", "c", "end");
    }

    @Test
    void a_queue_that_was_too_short_loses_nothing_of_the_log() throws Exception {
        var expected = new ArrayList<String>();
        log.afterFirst = () -> {
            for (int i = 0; i < 1000; i++) {
                expected.add("e" + i);
                commit(running("e" + i));
            }
            end();
            expected.add("end");
        };
        pump(0);

        assertThat(sent()).isEqualTo(expected);
    }

    @Test
    void previews_come_between_the_events_they_came_between() throws Exception {
        log.afterFirst = () -> {
            commit(running("a"));
            preview("m", "hello");
            commit(running("b"));
            end();
        };
        pump(0);

        assertThat(sent()).containsExactly("a", "m", "m", "b", "end");
    }

    @Test
    void previews_of_what_was_read_from_the_log_meanwhile_are_not_shown_after_it() throws Exception {
        write(running("a"));
        log.afterFirst = () -> {
            commit(running("b"));
            write(running("c"));
            commit(running("d"));
        };
        log.beforeSecond = () -> {
            preview("m", "hello");
            commit(running("m"));
            watcher.offer(
                    new Frame.Stored(new SessionLog.Entry(6, new SessionEvent.StatusTerminated(ID, "end", AT)), log));
        };
        pump(0);

        assertThat(sent()).containsExactly("a", "b", "c", "d", "m", "end");
    }

    @Test
    void a_preview_whose_beginning_was_missed_is_not_shown() throws Exception {
        log.afterFirst = () -> {
            watcher.offer(new Preview.TextAdded(ID, "m", "lo"));
            end();
        };
        pump(0);

        assertThat(sent()).containsExactly("end");
    }

    @Test
    void an_erased_log_ends_with_what_is_left_of_it() throws Exception {
        log.afterFirst = () -> {
            commit(running("a"));
            write(running("b"));
            commit(new SessionEvent.Deleted(ID, "gone", AT));
            log.erase(ID);
        };
        pump(0);

        assertThat(sent()).containsExactly("a", "gone");
    }

    @Test
    void a_client_that_is_gone_ends_the_stream() {
        commit(running("a"));
        var broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("gone");
            }
        };

        assertThatThrownBy(() -> watcher.pump(0, MESSAGES, broken)).hasMessage("gone");
    }
}
