package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;

/** Reads of one stream: slices, half-read streams, the head, snapshots, erasure. */
public abstract class ReadContract extends EngineContract {
    private List<Long> positions(long from, int limit) {
        return engine().sessions().slice(ONE, from, limit).stream().map(SessionLog.Entry::position).toList();
    }

    @Test
    void a_slice_begins_where_it_is_asked_to_and_holds_at_most_what_it_is_asked_for() {
        appendAll(ONE, 1, 10);
        appendAll(OTHER, 1, 3);
        assertThat(positions(1, 3)).containsExactly(1L, 2L, 3L);
        assertThat(positions(4, 1)).containsExactly(4L);
        assertThat(positions(9, 5)).containsExactly(9L, 10L);
        assertThat(positions(10, SessionLog.SLICE_MAX)).containsExactly(10L);
    }

    @Test
    void there_is_nothing_past_the_end_and_nothing_of_a_session_nobody_knows() {
        appendAll(ONE, 1, 3);
        assertThat(positions(4, 10)).isEmpty();
        assertThat(positions(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(engine().sessions().slice(OTHER, 1, 10)).isEmpty();
        assertThat(engine().sessions().head(OTHER)).isZero();
    }

    @Test
    void a_slice_before_the_beginning_is_one_from_the_beginning() {
        appendAll(ONE, 1, 3);
        assertThat(positions(0, 2)).containsExactly(1L, 2L);
        assertThat(positions(-7, 2)).containsExactly(1L, 2L);
        assertThat(positions(Long.MIN_VALUE, 2)).containsExactly(1L, 2L);
    }

    @Test
    void a_slice_has_a_limit() {
        assertThatThrownBy(() -> engine().sessions().slice(ONE, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> engine().sessions().slice(ONE, 1, SessionLog.SLICE_MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
        appendAll(ONE, 1, SessionLog.SLICE_MAX + 1);
        assertThat(positions(1, SessionLog.SLICE_MAX)).isEqualTo(upTo(SessionLog.SLICE_MAX));
    }

    @Test
    void a_slice_of_large_events_ends_early_and_the_next_one_goes_on() {
        var large = "x".repeat((int) SessionLog.SLICE_BYTES_MAX / 2);
        for (int position = 1; position <= 5; position++) {
            append(ONE, position, position + large);
        }
        append(ONE, 6, "6");
        assertThat(positions(1, 10)).containsExactly(1L, 2L);
        assertThat(positions(3, 10)).containsExactly(3L, 4L);
        assertThat(positions(5, 10)).containsExactly(5L, 6L);
        assertThat(engine().sessions().stored(ONE, 1, 10)).hasSize(2)
                .allSatisfy(
                        stored -> assertThat(stored.bytes()).isBetween((long) large.length(), large.length() + 500L));
        assertThat(engine().sessions().sliceBack(ONE, 6, 10)).extracting(SessionLog.Entry::position)
                .startsWith(6L, 5L)
                .hasSizeLessThan(5);
        assertThat(all(ONE)).extracting(SessionLog.Entry::position).isEqualTo(upTo(6));
    }

    @Test
    void backward_pages_from_the_head_meet_every_event_once() {
        appendAll(ONE, 1, 25);
        var seen = new ArrayList<Long>();
        for (long end = engine().sessions().head(ONE) + 1; end > 1;) {
            long start = Math.max(1, end - 10);
            seen.addAll(positions(start, (int) (end - start)).reversed());
            end = start;
        }
        assertThat(seen).isEqualTo(upTo(25).reversed());
    }

    @Test
    void the_head_is_the_last_position_that_was_acknowledged() {
        for (int position = 1; position <= 5; position++) {
            append(ONE, position, "x");
            assertThat(engine().sessions().head(ONE)).isEqualTo(position);
        }
    }

    /** Callers stop reading when they have seen enough; an engine must not keep anything open for them. */
    @Test
    void streams_that_are_left_half_read_cost_nothing() {
        appendAll(ONE, 1, 700);
        for (int i = 0; i < 200; i++) {
            var stream = engine().store().readEvents(ONE.value(), i);
            assertThat(stream.next().getSequenceNumber()).isEqualTo(i);
            assertThat(stream.hasNext()).isTrue();
        }
        append(ONE, 701, "701");
        assertThat(all(ONE)).hasSize(701);
    }

    @Test
    void a_whole_stream_is_read_in_order_though_its_events_are_large() {
        for (int position = 1; position <= 20; position++) {
            append(ONE, position, position + "x".repeat(1 << 20));
        }
        var read = engine().store().readEvents(ONE.value()).asStream().toList();
        assertThat(read).extracting(DomainEventMessage::getSequenceNumber)
                .isEqualTo(upTo(20).stream().map(position -> position - 1).toList());
        assertThat(texts(ONE)).allSatisfy(text -> assertThat(text.length()).isGreaterThan(1 << 20));
    }

    private void snapshot(SessionId session, long position, String text) {
        engine().store()
                .storeSnapshot(new GenericDomainEventMessage<>("Session", session.value(), position - 1,
                        said(session, text)));
    }

    private List<String> fromSnapshot() {
        return payloads().stream().map(payload -> textOf((SessionEvent) payload)).toList();
    }

    private List<Object> payloads() {
        return engine().store()
                .readEvents(ONE.value())
                .asStream()
                .<Object>map(message -> message.getPayload())
                .toList();
    }

    @Test
    void a_stream_is_read_from_its_newest_snapshot_on() {
        appendAll(ONE, 1, 10);
        snapshot(ONE, 4, "the first four");
        assertThat(fromSnapshot()).containsExactly("the first four", "5", "6", "7", "8", "9", "10");
        snapshot(ONE, 9, "the first nine");
        assertThat(fromSnapshot()).containsExactly("the first nine", "10");
        reopen();
        append(ONE, 11, "11");
        assertThat(fromSnapshot()).containsExactly("the first nine", "10", "11");
        assertThat(texts(ONE)).startsWith("1", "2").hasSize(11);
    }

    @Test
    void erasure_leaves_the_last_event_at_its_position() {
        assumeTrue(engine().engine().erases(), "this engine cannot delete");
        appendAll(ONE, 1, 9);
        delete(ONE, 10);
        appendAll(OTHER, 1, 2);
        snapshot(ONE, 10, "all ten");
        engine().sessions().erase(ONE);
        var left = List.of(new SessionLog.Entry(10, deleted(ONE)));
        assertThat(engine().sessions().slice(ONE, 1, 10)).isEqualTo(left);
        assertThat(engine().sessions().head(ONE)).isEqualTo(10);
        assertThat(payloads()).containsExactly(deleted(ONE));
        assertThat(texts(OTHER)).containsExactly("1", "2");
        engine().sessions().erase(ONE);
        engine().sessions().erase(new SessionId("sesn_nobody"));
        assertThat(all(ONE)).isEqualTo(left);
    }

    @Test
    void a_snapshot_of_what_has_been_erased_is_not_kept() {
        assumeTrue(engine().engine().erases(), "this engine cannot delete");
        appendAll(ONE, 1, 9);
        delete(ONE, 10);
        engine().sessions().erase(ONE);
        snapshot(ONE, 9, "what was said before");
        assertThat(payloads()).containsExactly(deleted(ONE));
    }
}
