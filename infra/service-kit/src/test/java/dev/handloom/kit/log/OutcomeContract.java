package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Outcome;
import dev.handloom.api.session.SessionLog.Writing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The session log as a port: every append is told what became of it, and everything kept about an entry is shown. */
public abstract class OutcomeContract extends EngineContract {
    private static Writing writing(SessionId session, String id, String text) {
        return new Writing(id, said(session, text), Map.of());
    }

    private Outcome append(long head, String... ids) {
        return engine().sessions()
                .append(ONE, head, List.of(ids).stream().map(id -> writing(ONE, id, id)).toList());
    }

    @Test
    void an_append_at_the_head_is_stored_and_says_the_new_head() {
        assertThat(append(0, "a", "b")).isEqualTo(new Outcome.Appended(2));
        assertThat(append(2, "c")).isEqualTo(new Outcome.Appended(3));
        assertThat(texts(ONE)).containsExactly("a", "b", "c");
    }

    @Test
    void an_append_behind_or_beyond_the_head_is_a_conflict_that_says_where_the_head_is() {
        assertThat(append(1, "a")).isEqualTo(new Outcome.Conflict(0));
        append(0, "a", "b");
        assertThat(append(0, "other")).isEqualTo(new Outcome.Conflict(2));
        assertThat(append(1, "other")).isEqualTo(new Outcome.Conflict(2));
        assertThat(append(5, "other")).isEqualTo(new Outcome.Conflict(2));
        assertThat(texts(ONE)).containsExactly("a", "b");
    }

    @Test
    void a_repeated_append_is_stored_once_also_after_others_and_after_reopening() {
        append(0, "a", "b");
        assertThat(append(0, "a", "b")).isEqualTo(new Outcome.Duplicate(2));
        append(2, "c");
        assertThat(append(0, "a", "b")).isEqualTo(new Outcome.Duplicate(2));
        reopen();
        assertThat(append(2, "c")).isEqualTo(new Outcome.Duplicate(3));
        assertThat(texts(ONE)).containsExactly("a", "b", "c");
    }

    @Test
    void a_repetition_with_more_less_or_other_events_than_before_is_a_conflict() {
        append(0, "a", "b");
        assertThat(append(0, "a", "b", "c")).isEqualTo(new Outcome.Conflict(2));
        assertThat(append(0, "a", "other")).isEqualTo(new Outcome.Conflict(2));
        assertThat(texts(ONE)).containsExactly("a", "b");
    }

    @Test
    void of_two_brains_that_append_at_one_place_one_wins() throws Exception {
        append(0, "start");
        var outcomes = together(IntStream.range(0, 16)
                .mapToObj(brain -> (Callable<Outcome>) () -> append(1, "brain " + brain))
                .toList());
        assertThat(outcomes).filteredOn(Outcome.Appended.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Conflict.class::isInstance).hasSize(15);
        assertThat(all(ONE)).hasSize(2);
    }

    @Test
    void events_of_another_session_and_empty_appends_are_refused() {
        var log = engine().sessions();
        assertThatThrownBy(() -> log.append(ONE, 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.append(ONE, 0, List.of(writing(OTHER, "a", "a"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(log.head(ONE)).isZero();
    }

    @Test
    void slices_run_in_either_direction_within_their_limit() {
        appendAll(ONE, 1, 30);
        assertThat(back(30, 3)).containsExactly(30L, 29L, 28L);
        assertThat(back(1_000_000, 2)).containsExactly(30L, 29L);
        assertThat(back(2, 10)).containsExactly(2L, 1L);
        assertThat(back(0, 10)).isEmpty();
        assertThat(engine().sessions().sliceBack(OTHER, 5, 10)).isEmpty();
    }

    private List<Long> back(long from, int limit) {
        return engine().sessions().sliceBack(ONE, from, limit).stream().map(SessionLog.Entry::position).toList();
    }

    @Test
    void all_that_is_kept_about_an_entry_is_shown() {
        var message = message(1, said(ONE, "hello")).withMetaData(MetaData.with("traceId", "first")
                .and("correlationId", "cause")
                .and("by", "a test"));
        engine().store().publish(List.of(message));
        var log = engine().sessions();
        log.append(ONE, 1, List.of(new Writing("mine", said(ONE, "more"), Map.of("copied-from", "elsewhere"))));
        var stored = log.stored(ONE, 1, 10);
        assertThat(stored).extracting(SessionLog.Stored::position).containsExactly(1L, 2L);
        assertThat(stored.getFirst()).satisfies(first -> {
            assertThat(first.id()).isEqualTo(message.getIdentifier());
            assertThat(first.revision()).isEqualTo("1");
            assertThat(first.at()).isEqualTo(message.getTimestamp());
            assertThat(first.causationId()).isEqualTo("cause");
            assertThat(first.correlationId()).isEqualTo("first");
            assertThat(first.metaData()).isEqualTo(Map.of("by", "a test"));
            assertThat(first.bytes()).isGreaterThan(50);
            assertThat(textOf(first.event())).isEqualTo("hello");
        });
        assertThat(stored.getLast()).satisfies(last -> {
            assertThat(last.id()).isEqualTo("mine");
            assertThat(last.at()).isEqualTo(NOON);
            assertThat(last.metaData()).isEqualTo(Map.of("copied-from", "elsewhere"));
            assertThat(last.causationId()).isNull();
        });
        assertThat(log.stored(ONE, 2, 1)).hasSize(1);
        assertThat(log.stored(ONE, 3, 1)).isEmpty();
    }

    @Test
    void the_nearest_snapshot_before_a_place_is_found() {
        appendAll(ONE, 1, 30);
        for (long position : List.of(10, 20, 30)) {
            engine().engine().storeSnapshot(message(position, said(ONE, "as of " + position)));
        }
        assertThat(snapshotUpTo(9)).isNull();
        assertThat(snapshotUpTo(10)).isEqualTo("as of 10");
        assertThat(snapshotUpTo(29)).isEqualTo("as of 20");
        assertThat(snapshotUpTo(1_000_000)).isEqualTo("as of 30");
        assertThat(engine().engine().snapshotUpTo(OTHER.value(), 100)).isEmpty();
    }

    private @Nullable String snapshotUpTo(long position) {
        return engine().engine()
                .snapshotUpTo(ONE.value(), position - 1)
                .map(snapshot -> textOf((SessionEvent) snapshot.getPayload()))
                .orElse(null);
    }
}
