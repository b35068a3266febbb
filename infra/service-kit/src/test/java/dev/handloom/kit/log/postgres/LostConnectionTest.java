package dev.handloom.kit.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Outcome;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnavailable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.Test;

/** Connections and servers come and go: nothing acknowledged is lost, nothing is stored or heard twice, writing goes on. */
class LostConnectionTest {
    private static final SessionId ONE = EngineContract.ONE;
    private static final int WRITERS = 16;
    private static final int EACH = 100;
    private static final String CUT = "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
            + " 'handloom'";

    private final PostgresServer server = PostgresServer.shared();
    private final String place = server.emptyPlace();
    private final List<String> unforeseen = new CopyOnWriteArrayList<>();

    private static SessionId session(int writer) {
        return new SessionId("sesn_l" + writer);
    }

    private static void append(Engine log, SessionId session, long position) {
        log.store()
                .publish(List.of(EngineContract.message(position,
                        EngineContract.said(session, String.valueOf(position)))));
    }

    /** As a client would: where the answer was lost it tries again, and a place that is taken now is its own. */
    private static void appendPersistently(Engine log, SessionId session, long position) {
        while (true) {
            try {
                append(log, session, position);
                return;
            } catch (ConcurrencyException | AggregateStreamCreationException stored) {
                return;
            } catch (EventStoreException lost) {
                Thread.onSpinWait();
            }
        }
    }

    private void assertWholeWhile(Runnable trouble) throws Exception {
        try (var log = new PostgresEngine(place)) {
            var heard = new LinkedBlockingQueue<SessionLog.Entry>();
            var acknowledged = new AtomicInteger();
            try (var _ = log.sessions().tail(heard::add)) {
                EngineContract.together(IntStream.range(0, WRITERS).mapToObj(writer -> (Callable<Boolean>) () -> {
                    for (int position = 1; position <= EACH; position++) {
                        appendPersistently(log, session(writer), position);
                        if (acknowledged.incrementAndGet() % 300 == 0) {
                            trouble.run();
                        }
                    }
                    return true;
                }).toList());
                appendPersistently(log, ONE, 1);
            }
            assertThat(heard).hasSize(WRITERS * EACH + 1);
            for (int writer = 0; writer < WRITERS; writer++) {
                var session = session(writer);
                assertThat(log.sessions().slice(session, 1, 1000))
                        .extracting(SessionLog.Entry::position)
                        .isEqualTo(EngineContract.upTo(EACH));
                assertThat(heard).filteredOn(entry -> entry.event().sessionId().equals(session))
                        .extracting(SessionLog.Entry::position)
                        .isEqualTo(EngineContract.upTo(EACH));
            }
        }
        assertThat(server.ask("select max(global) = count(*) from " + place.replaceFirst(".*=", "") + ".event"))
                .as("no index is left out")
                .isEqualTo("t");
    }

    @Test
    void all_connections_are_cut_again_and_again_while_many_write() throws Exception {
        assertWholeWhile(() -> server.run(CUT));
    }

    @Test
    void the_server_restarts_while_many_write() throws Exception {
        var once = new AtomicInteger();
        assertWholeWhile(() -> {
            try {
                if (once.getAndIncrement() == 1) {
                    server.restart();
                }
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        });
    }

    /** The server has committed, and its answer is lost. */
    @Test
    void an_append_whose_answer_was_lost_is_unknown_then_a_duplicate_and_is_heard_once() throws Exception {
        try (var cable = new Cable(server.port());
                var log = new PostgresEngine(place.replace(":" + server.port(), ":" + cable.port()))) {
            var heard = new LinkedBlockingQueue<SessionLog.Entry>();
            append(log, ONE, 1);
            try (var _ = log.sessions().tail(heard::add)) {
                var second = List.of(new SessionLog.Writing("mine", EngineContract.said(ONE, "2"), Map.of()));
                Outcome outcome = new Outcome.Appended(0);
                for (long head = 1; outcome instanceof Outcome.Appended; head++) {
                    cable.loseTheNextAnswer();
                    outcome = log.sessions().append(ONE, head, second);
                }
                assertThat(outcome).isInstanceOfSatisfying(Outcome.Unknown.class,
                        unknown -> assertThat(unknown.toString()).contains("may or may not be stored"));
                long head = log.sessions().head(ONE);
                assertThat(log.sessions().append(ONE, head - 1, second)).isEqualTo(new Outcome.Duplicate(head));
                append(log, ONE, head + 1);
                assertThat(heard).extracting(SessionLog.Entry::position)
                        .isEqualTo(EngineContract.upTo(head + 1).subList(1, (int) head + 1));
            }
        }
    }

    /** The writer waits for a lock on the table when its session is ended: once with one append, once with two. */
    @Test
    void appends_that_were_cut_are_not_tried_again_behind_their_callers_backs() throws Exception {
        try (var log = new PostgresEngine(place); var other = server.connect(); var hold = other.createStatement()) {
            append(log, ONE, 1);
            other.setAutoCommit(false);
            hold.execute("lock table " + place.replaceFirst(".*=", "") + ".event in share mode");
            var first = lost(log, ONE, 2);
            awaitTheWriterAtTheLock();
            var together = List.of(lost(log, session(1), 1), lost(log, session(2), 1));
            while (together.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
            endTheWriter();
            first.join();
            awaitTheWriterAtTheLock();
            endTheWriter();
            for (var thread : together) {
                thread.join();
            }
            other.rollback();
            assertThat(log.sessions().head(ONE)).isEqualTo(1);
            append(log, ONE, 2);
            assertThat(log.sessions().slice(ONE, 1, 10)).hasSize(2);
            assertThat(log.sessions().head(session(1))).isZero();
            assertThat(log.sessions().head(session(2))).isZero();
        }
        assertThat(unforeseen).isEmpty();
    }

    private Thread lost(Engine log, SessionId session, long position) {
        return Thread.ofVirtual().start(() -> {
            try {
                append(log, session, position);
                unforeseen.add("stored");
            } catch (EventStoreException lost) {
                if (!String.valueOf(lost.getMessage()).contains("may or may not be stored")) {
                    unforeseen.add(lost.toString());
                }
            }
        });
    }

    private void awaitTheWriterAtTheLock() {
        while (server.ask("select count(*) from pg_locks where not granted").equals("0")) {
            Thread.onSpinWait();
        }
    }

    private void endTheWriter() {
        var session = server.ask("select pid from pg_locks where not granted");
        server.run("select pg_terminate_backend(" + session + ")");
        while (!server.ask("select count(*) from pg_stat_activity where pid = " + session).equals("0")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void while_the_database_is_away_appends_are_refused_and_nothing_of_them_is_stored_later() throws Exception {
        try (var cable = new Cable(server.port());
                var log = new PostgresEngine(place.replace(":" + server.port(), ":" + cable.port()))) {
            append(log, ONE, 1);
            cable.cut();
            assertThatThrownBy(() -> append(log, ONE, 2)).isInstanceOf(EventStoreException.class);
            assertThatThrownBy(() -> append(log, ONE, 2)).isInstanceOf(LogUnavailable.class)
                    .hasMessageContaining("the log's database cannot be written to");
        }
        try (var again = new PostgresEngine(place)) {
            append(again, ONE, 2);
            assertThat(again.sessions().head(ONE)).isEqualTo(2);
        }
    }
}
