package dev.handloom.kit.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;

/** One writes, all follow, and another takes over. */
class TwoServersTest {
    private static final SessionId ONE = EngineContract.ONE;
    private static final int PATIENCE_SECONDS = 30;

    private final String place = PostgresServer.shared().emptyPlace();

    private static void append(Engine log, SessionId session, long position) {
        log.store()
                .publish(List.of(EngineContract.message(position,
                        EngineContract.said(session, String.valueOf(position)))));
    }

    private static List<String> next(LinkedBlockingQueue<SessionLog.Entry> heard, int events) throws Exception {
        var places = new ArrayList<String>();
        while (places.size() < events) {
            var entry = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(entry).as("after %s", places).isNotNull();
            places.add(entry.event().sessionId().value() + " " + entry.position());
        }
        return places;
    }

    @Test
    void the_second_is_refused_in_words_may_read_and_takes_over_once_the_first_is_gone() throws Exception {
        var heard = new LinkedBlockingQueue<SessionLog.Entry>();
        try (var second = new PostgresEngine(place); var _ = second.sessions().tail(heard::add)) {
            try (var first = new PostgresEngine(place)) {
                append(first, ONE, 1);
                assertThatThrownBy(() -> append(second, ONE, 2)).isInstanceOf(LogUnavailable.class)
                        .hasMessage("another server writes to this log");
                assertThatThrownBy(() -> append(second, ONE, 1)).isInstanceOf(LogUnavailable.class);
                assertThat(second.sessions().slice(ONE, 1, 10)).hasSize(1);
                append(first, ONE, 2);
                assertThat(next(heard, 2)).containsExactly("sesn_one 1", "sesn_one 2");
                append(first, ONE, 3);
            }
            append(second, ONE, 4);
            assertThat(next(heard, 2)).containsExactly("sesn_one 3", "sesn_one 4");
            assertThatThrownBy(() -> append(second, ONE, 3)).isInstanceOf(ConcurrencyException.class);
            assertThat(second.sessions().head(ONE)).isEqualTo(4);
        }
    }

    @Test
    void a_server_that_does_not_write_hears_everything_once_and_in_the_same_order() throws Exception {
        int writers = 8;
        int each = 100;
        var atTheWriter = new LinkedBlockingQueue<SessionLog.Entry>();
        var elsewhere = new LinkedBlockingQueue<SessionLog.Entry>();
        try (var first = new PostgresEngine(place);
                var second = new PostgresEngine(place);
                var _ = first.sessions().tail(atTheWriter::add);
                var _ = second.sessions().tail(elsewhere::add)) {
            EngineContract.together(IntStream.range(0, writers).mapToObj(writer -> (Callable<Boolean>) () -> {
                for (int position = 1; position <= each; position++) {
                    append(first, new SessionId("sesn_w" + writer), position);
                }
                return true;
            }).toList());
            assertThat(next(elsewhere, writers * each)).isEqualTo(next(atTheWriter, writers * each));
            assertThat(elsewhere).isEmpty();
        }
    }

    @Test
    void a_processor_elsewhere_is_woken_by_a_commit_here() throws Exception {
        try (var first = new PostgresEngine(place);
                var second = new PostgresEngine(place);
                var stream = second.source(Set.of(SessionEvent.InputReceived.class)).openStream(null)) {
            for (int position = 1; position <= 20; position++) {
                append(first, ONE, position);
                assertThat(stream.hasNextAvailable(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(EngineContract.textOf((SessionEvent) stream.nextAvailable().getPayload()))
                        .isEqualTo(String.valueOf(position));
            }
        }
    }

    /** Method: a row that nobody announces, put there by hand. */
    @Test
    void what_was_never_made_known_is_heard_all_the_same() throws Exception {
        var heard = new LinkedBlockingQueue<SessionLog.Entry>();
        try (var log = new PostgresEngine(place); var _ = log.sessions().tail(heard::add)) {
            append(log, ONE, 1);
            var event = place.replaceFirst(".*=", "") + ".event";
            PostgresServer.shared()
                    .run("insert into " + event + " select 2, stream, 1, stream_type, 'x', type, revision, at,"
                            + " meta_data, payload from " + event);
            assertThat(next(heard, 2)).containsExactly("sesn_one 1", "sesn_one 2");
        }
    }

    @Test
    void they_take_turns_and_the_log_stays_one() throws Exception {
        for (int position = 1; position <= 5; position++) {
            try (var log = new PostgresEngine(place)) {
                append(log, ONE, position);
            }
        }
        try (var log = new PostgresEngine(place)) {
            assertThat(log.sessions().slice(ONE, 1, 20)).extracting(SessionLog.Entry::position)
                    .isEqualTo(EngineContract.upTo(5));
        }
    }

    @Test
    void logs_in_two_schemas_of_one_database_have_nothing_to_do_with_each_other() throws Exception {
        try (var here = new PostgresEngine(place);
                var there = new PostgresEngine(PostgresServer.shared().emptyPlace())) {
            append(here, ONE, 1);
            append(there, ONE, 1);
            append(here, ONE, 2);
            assertThat(there.sessions().head(ONE)).isEqualTo(1);
        }
    }
}
