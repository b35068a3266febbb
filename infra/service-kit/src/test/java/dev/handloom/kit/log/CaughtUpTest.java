package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.log.sqlite.SqliteLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a group must have handled before a read may say that it is up to date. */
class CaughtUpTest {
    private static final Set<Class<?>> SAID = Set.of(SessionEvent.InputReceived.class);

    @TempDir
    private Path folder;

    private static void append(Engine log, long position, SessionEvent event) {
        log.store().publish(List.of(EngineContract.message(position, event)));
    }

    private static SessionEvent said() {
        return EngineContract.said(EngineContract.ONE, "said");
    }

    private static SessionEvent running() {
        return new SessionEvent.StatusRunning(EngineContract.ONE, "sevt_2", EngineContract.NOON);
    }

    @Test
    void an_empty_log_has_no_past_to_know() {
        try (var log = new SqliteLog(folder)) {
            var source = (LogSource) log.source(SAID);
            assertThat(source.knowsItsPast()).isTrue();
            assertThat(source.lastRelevant()).isZero();
        }
    }

    @Test
    void a_commit_of_its_types_is_relevant_as_soon_as_it_is_acknowledged_and_others_never_are() {
        try (var log = new SqliteLog(folder)) {
            var source = (LogSource) log.source(SAID);
            append(log, 1, said());
            assertThat(source.lastRelevant()).isEqualTo(1);
            append(log, 2, running());
            assertThat(source.lastRelevant()).isEqualTo(1);
        }
    }

    /** After a restart a projection may be behind by what was committed just before: that counts too. */
    @Test
    void what_an_earlier_process_committed_is_relevant_once_it_has_been_looked_for() throws Exception {
        try (var log = new SqliteLog(folder)) {
            append(log, 1, said());
            append(log, 2, said());
            append(log, 3, running());
        }
        try (var log = new SqliteLog(folder)) {
            var source = (LogSource) log.source(SAID);
            assertThat(source.knowsItsPast()).isFalse();
            try (var stream = source.openStream(null)) {
                stream.nextAvailable();
                stream.nextAvailable();
                assertThat(stream.hasNextAvailable(0, TimeUnit.SECONDS)).isFalse();
            }
            assertThat(source.knowsItsPast()).isTrue();
            assertThat(source.lastRelevant()).isEqualTo(2);
        }
    }
}
