package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state file after a crash: what the dead process had claimed is free at once. */
class StateStoreTest {
    @TempDir
    private Path folder;

    private static TokenStore tokens(DataSource state, String owner) {
        return new StateStore.Tokens(StateStore.Tokens.builder()
                .connectionProvider(state::getConnection)
                .serializer(Serializers.json())
                .nodeId(owner));
    }

    @Test
    void a_token_that_a_dead_process_had_claimed_can_be_claimed_as_soon_as_the_file_is_opened_again() {
        var token = new GlobalSequenceTrackingToken(7);
        try (var state = StateStore.open(folder.resolve("state.db"))) {
            tokens(state, "the dead").initializeTokenSegments("turns", 1, token);
            assertThat(tokens(state, "the dead").fetchToken("turns", 0)).isEqualTo(token);
        }
        try (var state = StateStore.open(folder.resolve("state.db"))) {
            assertThat(tokens(state, "the living").fetchToken("turns", 0)).isEqualTo(token);
        }
    }
}
