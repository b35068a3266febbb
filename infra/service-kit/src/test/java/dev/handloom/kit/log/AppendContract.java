package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;

/** Appends: in order, without gaps, all or nothing, one winner for a place. */
public abstract class AppendContract extends EngineContract {
    @Test
    void positions_count_from_one_without_a_gap_however_the_appends_are_cut() {
        append(ONE, 1, "1");
        appendAll(ONE, 2, 4);
        append(ONE, 5, "5");
        assertThat(texts(ONE)).containsExactly("1", "2", "3", "4", "5");
        assertThat(all(ONE)).extracting(SessionLog.Entry::position).isEqualTo(upTo(5));
    }

    @Test
    void a_stream_begins_once() {
        append(ONE, 1, "first");
        assertThatThrownBy(() -> append(ONE, 1, "second")).isInstanceOf(AggregateStreamCreationException.class);
        assertThat(texts(ONE)).containsExactly("first");
    }

    @Test
    void a_place_that_is_taken_is_refused_and_the_whole_append_with_it() {
        appendAll(ONE, 1, 3);
        assertThatThrownBy(() -> appendAll(ONE, 3, 5)).isInstanceOf(ConcurrencyException.class);
        assertThat(texts(ONE)).containsExactly("1", "2", "3");
        append(ONE, 4, "4");
        assertThat(engine().sessions().head(ONE)).isEqualTo(4);
    }

    @Test
    void an_append_that_would_leave_a_gap_is_refused() {
        append(ONE, 1, "1");
        assertThatThrownBy(() -> append(ONE, 3, "3")).isInstanceOf(ConcurrencyException.class);
        assertThatThrownBy(() -> append(OTHER, 2, "2")).isInstanceOf(ConcurrencyException.class);
        assertThat(texts(ONE)).containsExactly("1");
        assertThat(engine().sessions().head(OTHER)).isZero();
    }

    @Test
    void an_append_larger_than_a_group_is_still_all_or_nothing() {
        appendAll(ONE, 1, 700);
        assertThatThrownBy(() -> appendAll(ONE, 700, 1400)).isInstanceOf(ConcurrencyException.class);
        assertThat(all(ONE)).extracting(SessionLog.Entry::position).isEqualTo(upTo(700));
    }

    @Test
    void sixteen_writers_on_streams_of_their_own_lose_and_repeat_nothing() throws Exception {
        var writers = IntStream.range(0, 16).mapToObj(i -> new SessionId("sesn_w" + i)).toList();
        together(writers.stream().map(session -> (Callable<Boolean>) () -> {
            for (int position = 1; position <= 150; position++) {
                append(session, position, String.valueOf(position));
            }
            return true;
        }).toList());
        for (var session : writers) {
            assertThat(texts(session)).isEqualTo(upTo(150).stream().map(String::valueOf).toList());
        }
    }

    @Test
    void writers_that_meet_on_one_stream_each_get_their_place_when_they_try_again() throws Exception {
        together(IntStream.range(0, 8).mapToObj(writer -> (Callable<Boolean>) () -> {
            for (int i = 0; i < 20; i++) {
                appendSomewhere("writer " + writer + " event " + i);
            }
            return true;
        }).toList());
        assertThat(all(ONE)).extracting(SessionLog.Entry::position).isEqualTo(upTo(160));
        assertThat(texts(ONE)).doesNotHaveDuplicates();
    }

    private void appendSomewhere(String text) {
        while (true) {
            try {
                append(ONE, engine().sessions().head(ONE) + 1, text);
                return;
            } catch (ConcurrencyException | AggregateStreamCreationException taken) {
                // Another writer was faster: look again.
            }
        }
    }

    @Test
    void bad_appends_among_good_ones_fail_alone() throws Exception {
        append(OTHER, 1, "there");
        var refused = together(IntStream.range(0, 200).mapToObj(i -> (Callable<Boolean>) () -> {
            try {
                append(i % 4 == 0 ? OTHER : new SessionId("sesn_good" + i), 1, "at once");
                return false;
            } catch (AggregateStreamCreationException taken) {
                return true;
            }
        }).toList());
        assertThat(refused.stream().filter(Boolean::booleanValue)).hasSize(50);
        for (int i = 0; i < 200; i++) {
            assertThat(engine().sessions().head(new SessionId("sesn_good" + i))).isEqualTo(i % 4 == 0 ? 0 : 1);
        }
    }

    @Test
    void an_interrupted_writer_does_not_hold_up_or_spoil_the_others() throws Exception {
        var failures = together(IntStream.range(0, 64).mapToObj(i -> (Callable<Boolean>) () -> {
            if (i % 2 == 0) {
                Thread.currentThread().interrupt();
            }
            try {
                append(new SessionId("sesn_i" + i), 1, "said");
                return false;
            } catch (RuntimeException interrupted) {
                return Thread.interrupted();
            }
        }).toList());
        assertThat(failures.stream().filter(Boolean::booleanValue)).hasSize(32);
        for (int i = 1; i < 64; i += 2) {
            assertThat(texts(new SessionId("sesn_i" + i))).containsExactly("said");
        }
    }

    @Test
    void payloads_of_any_size_and_script_come_back_as_they_were() {
        var texts = List.of("", "a".repeat(1_500_000), "ß→漢字🧵 \u0000\u001f\u2028\"\\ مرحبا", "🧶".repeat(700_000));
        var appended = new ArrayList<String>();
        for (var text : texts) {
            appended.add(text);
            append(ONE, appended.size(), text);
        }
        reopen();
        assertThat(texts(ONE)).isEqualTo(texts);
    }

    @Test
    void meta_data_travels_with_its_event() {
        engine().store()
                .publish(List.of(message(1, said(ONE, "hello")).withMetaData(Map.of("traceId", "t1", "nothing", 7))));
        assertThat(engine().store().readEvents(ONE.value()).next().getMetaData())
                .containsEntry("traceId", "t1")
                .containsEntry("nothing", 7);
    }

    @Test
    void an_empty_append_changes_nothing() {
        engine().store().publish(List.of());
        assertThat(engine().sessions().head(ONE)).isZero();
    }

    @Test
    void what_was_acknowledged_is_there_after_reopening_and_the_stream_goes_on() {
        appendAll(ONE, 1, 3);
        reopen();
        assertThat(texts(ONE)).containsExactly("1", "2", "3");
        assertThatThrownBy(() -> append(ONE, 3, "again")).isInstanceOf(ConcurrencyException.class);
        append(ONE, 4, "4");
        assertThat(engine().sessions().slice(ONE, 4, 1)).extracting(entry -> textOf(entry.event()))
                .containsExactly("4");
    }

    @Test
    void an_acknowledged_append_can_be_read_at_once_by_everybody() throws Exception {
        var seen = together(IntStream.range(0, 32).mapToObj(i -> (Callable<List<SessionEvent>>) () -> {
            var session = new SessionId("sesn_r" + i);
            append(session, 1, "mine");
            return engine().sessions().slice(session, 1, 10).stream().map(SessionLog.Entry::event).toList();
        }).toList());
        assertThat(seen).allSatisfy(events -> assertThat(events).hasSize(1));
    }
}
