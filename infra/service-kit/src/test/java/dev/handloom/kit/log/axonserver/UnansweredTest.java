package dev.handloom.kit.log.axonserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Outcome;
import dev.handloom.api.session.SessionLog.Writing;
import dev.handloom.kit.log.EngineContract;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Appends whose answer is lost, and streams that nobody reads to their end. */
@EnabledIfEnvironmentVariable(named = AxonServerLog.ADDRESS, matches = ".+", disabledReason = AxonServerLog.SKIPPED)
class UnansweredTest {
    private final Wire wire = new Wire();
    private AxonServerLog log;

    @BeforeEach
    void open() {
        var place = AxonServerLog.Place.fresh();
        var settings = new AxonServerSettings(place.settings().servers(), "default", null, null, false, null,
                Duration.ofSeconds(1), AxonServerLog.EVENT_MAX);
        log = new AxonServerLog(new AxonServerLog.Place(settings, place.suffix(), place.beginning()), wire::to);
    }

    @AfterEach
    void close() {
        log.close();
    }

    private Outcome append(long head, String... ids) {
        return log.sessions()
                .append(EngineContract.ONE, head, Arrays.stream(ids)
                        .map(id -> new Writing(id, EngineContract.said(EngineContract.ONE, id), Map.of()))
                        .toList());
    }

    private List<String> texts() {
        return log.sessions()
                .slice(EngineContract.ONE, 1, SessionLog.SLICE_MAX)
                .stream()
                .map(entry -> EngineContract.textOf(entry.event()))
                .toList();
    }

    @Test
    void an_append_that_is_stored_though_unanswered_is_found_and_not_sent_again() {
        wire.unanswered.set(1);
        assertThat(append(0, "a", "b")).isEqualTo(new Outcome.Appended(2));
        assertThat(wire.appends).hasValue(1);
        assertThat(texts()).containsExactly("a", "b");
    }

    @Test
    void an_append_that_never_came_through_is_sent_again() {
        wire.delivers = false;
        wire.unanswered.set(2);
        assertThat(append(0, "a")).isEqualTo(new Outcome.Appended(1));
        assertThat(wire.appends).hasValue(3);
        assertThat(texts()).containsExactly("a");
    }

    @Test
    void a_place_that_another_took_meanwhile_is_a_conflict() {
        append(0, "a");
        wire.delivers = false;
        wire.unanswered.set(1);
        assertThat(append(0, "b")).isEqualTo(new Outcome.Conflict(1));
        assertThat(append(0, "a", "b")).isEqualTo(new Outcome.Conflict(1));
        assertThat(texts()).containsExactly("a");
    }

    @Test
    void when_nobody_can_know_the_answer_says_so_and_the_same_ids_resolve_it() {
        wire.deaf = true;
        wire.unanswered.set(1);
        assertThat(append(0, "a")).isInstanceOf(Outcome.Unknown.class);
        wire.deaf = false;
        assertThat(append(0, "a")).isEqualTo(new Outcome.Duplicate(1));
        assertThat(texts()).containsExactly("a");
    }

    @Test
    void an_append_the_server_cannot_take_is_refused_and_nothing_of_it_stored() {
        assertThatThrownBy(() -> append(0, "small", "x".repeat(3 << 20))).isInstanceOf(IllegalArgumentException.class);
        assertThat(texts()).isEmpty();
        assertThat(append(0, "small")).isEqualTo(new Outcome.Appended(1));
    }

    @Test
    void streams_are_read_to_their_end_however_little_of_them_is_wanted() {
        log.store()
                .publish(LongStream.rangeClosed(1, 1200)
                        .mapToObj(position -> EngineContract.message(position,
                                EngineContract.said(EngineContract.ONE, "x".repeat(20_000))))
                        .toList());
        for (int i = 0; i < 20; i++) {
            var stream = log.store().readEvents(EngineContract.ONE.value(), i);
            assertThat(stream.next().getSequenceNumber()).isEqualTo(i);
        }
        assertThat(log.store().readEvents(EngineContract.ONE.value()).asStream().count()).isEqualTo(1200);
        assertThat(wire.opened.get()).isGreaterThan(20).isEqualTo(wire.readToTheEnd.get());
        assertThat(wire.cancelled).hasValue(0);
    }

    @Test
    void erasure_leaves_the_events_where_they_are() {
        append(0, "a", "b");
        log.sessions().erase(EngineContract.ONE);
        assertThat(texts()).containsExactly("a", "b");
    }
}
