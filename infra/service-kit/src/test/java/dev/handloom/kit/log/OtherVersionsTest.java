package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.log.sqlite.SqliteLog;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.Revision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that another version of the platform has written. */
class OtherVersionsTest {
    private static final String ONE = EngineContract.ONE.value();

    @TempDir
    private Path folder;

    @Revision("2")
    record State(@JsonProperty("text") String text) {}

    private void write(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void append(Engine log, long position) {
        log.store()
                .publish(List.of(EngineContract.message(position,
                        EngineContract.said(EngineContract.ONE, String.valueOf(position)))));
    }

    private static List<Object> read(Engine log) {
        return log.store().readEvents(ONE).asStream().<Object>map(message -> message.getPayload()).toList();
    }

    @Test
    void an_event_of_an_unknown_type_is_never_left_out_silently() throws SQLException {
        try (var log = new SqliteLog(folder)) {
            append(log, 1);
            append(log, 2);
        }
        write("update event set type = 'dev.handloom.api.session.SessionEvent$Rewound' where seq = 1");
        try (var log = new SqliteLog(folder)) {
            assertThat(log.sessions().slice(EngineContract.ONE, 1, 1)).hasSize(1);
            assertThatThrownBy(() -> log.sessions().slice(EngineContract.ONE, 1, 10))
                    .isInstanceOf(EventStoreException.class)
                    .hasMessageContaining("event 1 of sesn_one")
                    .hasMessageContaining("SessionEvent$Rewound");
            assertThatThrownBy(() -> read(log)).isInstanceOf(EventStoreException.class)
                    .hasMessageContaining("SessionEvent$Rewound");
        }
    }

    @Test
    void a_field_that_a_newer_version_added_is_passed_over() throws SQLException {
        try (var log = new SqliteLog(folder)) {
            append(log, 1);
        }
        write("update event set payload = cast(replace(cast(payload as text), '\"queued\"', "
                + "'\"added_later\":{\"a\":[1]},\"queued\"') as blob)");
        try (var log = new SqliteLog(folder)) {
            assertThat(read(log)).containsExactly(EngineContract.said(EngineContract.ONE, "1"));
        }
    }

    @Test
    void a_snapshot_of_another_revision_or_shape_is_passed_over_and_the_events_are_read() throws SQLException {
        try (var log = new SqliteLog(folder)) {
            append(log, 1);
            append(log, 2);
            log.store().storeSnapshot(new GenericDomainEventMessage<>("State", ONE, 0, new State("one")));
            assertThat(read(log)).first().isEqualTo(new State("one"));
        }
        for (var other : List.of("revision = '1'", "revision = null", "type = 'dev.handloom.Gone'",
                "payload = cast('{\"text\":' as blob)")) {
            write("update snapshot set " + other);
            try (var log = new SqliteLog(folder)) {
                assertThat(read(log)).as(other).hasSize(2).allMatch(SessionEvent.class::isInstance);
            }
            write("update snapshot set revision = '2', type = '" + State.class.getName() + "'");
        }
    }
}
