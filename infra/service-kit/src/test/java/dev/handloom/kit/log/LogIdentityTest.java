package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogIdentityTest {
    private static final LogIdentity ELSEWHERE = new LogIdentity("postgres 1");

    @TempDir
    private Path folder;
    private Path state;
    private Path mark;

    @BeforeEach
    void files() {
        state = folder.resolve("state.db");
        mark = folder.resolve("state.log");
    }

    @Test
    void state_stays_with_the_log_it_followed_from() throws IOException {
        ELSEWHERE.claim(state, mark);
        Files.createFile(state);
        assertThatCode(() -> ELSEWHERE.claim(state, mark)).doesNotThrowAnyException();
        assertThatThrownBy(() -> new LogIdentity("postgres 2").claim(state, mark)).isInstanceOf(LogUnusable.class)
                .hasMessageContaining("belongs to another log (postgres 1)");
        assertThatThrownBy(() -> LogIdentity.IN_THE_FOLDER.claim(state, mark)).isInstanceOf(LogUnusable.class);
    }

    @Test
    void state_without_a_mark_followed_from_the_log_in_its_folder() throws IOException {
        Files.createFile(state);
        assertThatThrownBy(() -> ELSEWHERE.claim(state, mark))
                .hasMessageContaining("belongs to another log (events.db)");
        assertThatCode(() -> LogIdentity.IN_THE_FOLDER.claim(state, mark)).doesNotThrowAnyException();
    }

    @Test
    void when_the_state_was_deleted_any_log_may_begin_anew() throws IOException {
        ELSEWHERE.claim(state, mark);
        assertThatCode(() -> LogIdentity.IN_THE_FOLDER.claim(state, mark)).doesNotThrowAnyException();
        Files.createFile(state);
        assertThatThrownBy(() -> ELSEWHERE.claim(state, mark)).isInstanceOf(LogUnusable.class);
    }
}
