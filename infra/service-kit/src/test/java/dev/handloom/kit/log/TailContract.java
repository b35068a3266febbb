package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whoever follows the log is woken by commits, and misses and repeats nothing, however far behind it falls. */
public abstract class TailContract extends EngineContract {
    /** How long a test waits for what must come. Nothing is said about how fast it comes. */
    private static final int PATIENCE_SECONDS = 30;
    private static final Set<Class<?>> SAID = Set.of(SessionEvent.InputReceived.class);

    /** Opened when everything that is stored by now has come by. */
    private StreamableMessageSource<TrackedEventMessage<?>> said() {
        return engine().source(SAID);
    }

    private static List<String> read(BlockingStream<TrackedEventMessage<?>> stream, int events) throws Exception {
        var texts = new ArrayList<String>();
        while (texts.size() < events && stream.hasNextAvailable(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            texts.add(textOf((SessionEvent) stream.nextAvailable().getPayload()));
        }
        return texts;
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void a_reader_that_waits_is_woken_by_the_commit() throws Exception {
        try (var stream = said().openStream(null)) {
            var waiting = new CountDownLatch(1);
            var woken = new LinkedBlockingQueue<String>();
            Thread.ofVirtual().start(() -> {
                try {
                    waiting.countDown();
                    woken.addAll(read(stream, 1));
                } catch (Exception unforeseen) {
                    woken.add(unforeseen.toString());
                }
            });
            waiting.await();
            append(ONE, 1, "wake up");
            assertThat(woken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("wake up");
        }
    }

    @Test
    void a_reader_with_a_callback_needs_not_ask_again_and_again() throws Exception {
        try (var stream = said().openStream(null)) {
            var called = new CountDownLatch(1);
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();
            assertThat(stream.setOnAvailableCallback(called::countDown)).isTrue();
            append(ONE, 1, "there");
            assertThat(called.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void a_reader_gets_the_types_it_asked_for_and_no_others() throws Exception {
        append(ONE, 1, "1");
        engine().store().publish(List.of(message(2, new SessionEvent.StatusRunning(ONE, "sevt_2", NOON))));
        append(ONE, 3, "3");
        try (var stream = said().openStream(null)) {
            assertThat(read(stream, 2)).containsExactly("1", "3");
            engine().store().publish(List.of(message(4, new SessionEvent.StatusRunning(ONE, "sevt_4", NOON))));
            append(ONE, 5, "5");
            assertThat(read(stream, 1)).containsExactly("5");
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void a_reader_goes_on_right_after_its_token_also_in_the_next_process() throws Exception {
        appendAll(ONE, 1, 5);
        TrackingToken token;
        try (var stream = said().openStream(null)) {
            assertThat(read(stream, 2)).containsExactly("1", "2");
            token = stream.nextAvailable().trackingToken();
        }
        reopen();
        appendAll(ONE, 6, 7);
        try (var stream = said().openStream(token)) {
            assertThat(read(stream, 4)).containsExactly("4", "5", "6", "7");
            assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void a_reader_that_falls_behind_what_memory_holds_catches_up_without_gap_or_repetition() throws Exception {
        try (var slow = said().openStream(null); var fast = said().openStream(null)) {
            append(ONE, 1, "1");
            assertThat(read(slow, 1)).containsExactly("1");
            assertThat(read(fast, 1)).containsExactly("1");
            for (int from = 2; from <= 12_000; from += 100) {
                int to = Math.min(12_000, from + 99);
                appendAll(ONE, from, to);
                assertThat(read(fast, to - from + 1)).isEqualTo(numbers(from, to));
            }
            assertThat(read(slow, 11_999)).isEqualTo(numbers(2, 12_000));
            appendAll(ONE, 12_001, 12_003);
            assertThat(read(slow, 3)).isEqualTo(numbers(12_001, 12_003));
        }
    }

    @Test
    void readers_that_run_beside_many_writers_see_every_stream_in_order_and_whole() throws Exception {
        int writers = 8;
        int each = 400;
        try (var stream = said().openStream(null)) {
            var seen = new LinkedBlockingQueue<List<String>>();
            Thread.ofVirtual().start(() -> {
                try {
                    seen.add(read(stream, writers * each));
                } catch (Exception unforeseen) {
                    seen.add(List.of(unforeseen.toString()));
                }
            });
            together(IntStream.range(0, writers).mapToObj(writer -> (Callable<Boolean>) () -> {
                var session = new SessionId("sesn_t" + writer);
                for (int position = 1; position <= each; position++) {
                    append(session, position, writer + ":" + position);
                }
                return true;
            }).toList());
            var texts = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int writer = 0; writer < writers; writer++) {
                var prefix = writer + ":";
                assertThat(texts).filteredOn(text -> text.startsWith(prefix))
                        .isEqualTo(numbers(1, each).stream().map(number -> prefix + number).toList());
            }
        }
    }

    @Test
    void large_events_reach_a_reader_that_is_behind() throws Exception {
        for (int position = 1; position <= 40; position++) {
            append(ONE, position, position + "x".repeat(1 << 20));
        }
        try (var stream = said().openStream(null)) {
            assertThat(read(stream, 40).stream().map(text -> text.replaceAll("x+", "")).toList())
                    .isEqualTo(numbers(1, 40));
        }
    }

    @Test
    void erased_events_leave_no_hole_a_reader_could_fall_into() throws Exception {
        assumeTrue(engine().engine().erases(), "this engine cannot delete");
        appendAll(ONE, 1, 4999);
        delete(ONE, 5000);
        append(OTHER, 1, "after");
        engine().sessions().erase(ONE);
        reopen();
        try (var stream = said().openStream(null)) {
            assertThat(read(stream, 1)).containsExactly("after");
        }
    }

    @Test
    void tokens_name_the_beginning_and_the_end() throws Exception {
        appendAll(ONE, 1, 3);
        var source = said();
        assertThat(from(source.createTailToken())).isEqualTo(numbers(1, 3));
        try (var stream = source.openStream(source.createHeadToken())) {
            append(ONE, 4, "4");
            assertThat(read(stream, 1)).containsExactly("4");
        }
    }

    @Test
    void a_token_names_a_moment() throws Exception {
        assumeTrue(engine().isAlone(), "others wrote to this log before, with times that are later");
        appendAt(1, NOON);
        appendAt(2, NOON.plusMillis(1));
        appendAt(3, NOON.plusSeconds(1));
        var source = said();
        assertThat(from(source.createTokenAt(NOON))).isEqualTo(numbers(1, 3));
        assertThat(from(source.createTokenAt(NOON.plusNanos(1)))).isEqualTo(numbers(2, 3));
        assertThat(from(source.createTokenAt(NOON.plusMillis(1)))).isEqualTo(numbers(2, 3));
        assertThat(from(source.createTokenAt(NOON.plusMillis(2)))).isEqualTo(numbers(3, 3));
        assertThat(from(source.createTokenAt(NOON.plusSeconds(5)))).isEmpty();
        assertThat(from(source.createTokenSince(Duration.ofMinutes(1)))).isEmpty();
    }

    private void appendAt(long position, Instant at) {
        engine().store()
                .publish(List.of(new GenericDomainEventMessage<>("Session", ONE.value(), position - 1,
                        new GenericDomainEventMessage<>("Session", ONE.value(), position - 1,
                                said(ONE, String.valueOf(position))),
                        at)));
    }

    private List<String> from(@Nullable TrackingToken token) throws Exception {
        try (var stream = said().openStream(token)) {
            var texts = new ArrayList<String>();
            while (stream.hasNextAvailable(0, TimeUnit.SECONDS)) {
                texts.add(textOf((SessionEvent) stream.nextAvailable().getPayload()));
            }
            return texts;
        }
    }

    @Test
    void an_empty_log_has_a_beginning_and_an_end_too() throws Exception {
        assertThat(from(said().createTailToken())).isEmpty();
        assertThat(from(said().createHeadToken())).isEmpty();
        assertThat(from(said().createTokenAt(NOON))).isEmpty();
    }

    /** What was heard by the time of the acknowledgement; where that may come first, what is heard then. */
    private List<SessionLog.Entry> heard(BlockingQueue<SessionLog.Entry> heard, int entries) throws Exception {
        if (engine().tellsBeforeItAcknowledges()) {
            assertThat(heard).hasSize(entries);
        }
        var all = new ArrayList<SessionLog.Entry>();
        while (all.size() < entries) {
            all.add(Objects.requireNonNull(heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)));
        }
        return all;
    }

    @Test
    void a_tail_hears_every_commit_from_then_on_in_order_before_it_is_acknowledged() throws Exception {
        append(ONE, 1, "before");
        said();
        var heard = new LinkedBlockingQueue<SessionLog.Entry>();
        var tail = engine().sessions().tail(heard::add);
        appendAll(ONE, 2, 4);
        assertThat(heard(heard, 3)).extracting(SessionLog.Entry::position).containsExactly(2L, 3L, 4L);
        append(OTHER, 1, "other");
        assertThat(heard(heard, 1)).extracting(entry -> textOf(entry.event())).containsExactly("other");
        tail.close();
        append(ONE, 5, "after");
        said();
        assertThat(heard).isEmpty();
    }

    @Test
    void a_listener_with_a_mistake_spoils_nothing_for_anybody_else() throws Exception {
        try (var broken = engine().sessions().tail(_ -> {
            throw new IllegalStateException("a mistake");
        }); var stream = said().openStream(null)) {
            var heard = new LinkedBlockingQueue<SessionLog.Entry>();
            try (var tail = engine().sessions().tail(heard::add)) {
                together(IntStream.range(0, 3).mapToObj(i -> (Callable<Boolean>) () -> {
                    append(new SessionId("sesn_m" + i), 1, "said");
                    return true;
                }).toList());
                assertThat(heard(heard, 3)).hasSize(3);
                assertThat(tail).isNotSameAs(broken);
            }
            assertThat(read(stream, 3)).hasSize(3);
        }
    }
}
