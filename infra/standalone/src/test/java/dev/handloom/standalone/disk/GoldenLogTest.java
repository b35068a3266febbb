package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a release has stored, every later one reads, and makes the same of it. */
class GoldenLogTest {
    @TempDir
    private Path folder;

    static List<GoldenLog> releases() {
        return GoldenLog.all();
    }

    /** The state may have grown since: only what was known then is compared. */
    private static JsonNode asFarAs(JsonNode then, JsonNode now) {
        if (!(then instanceof ObjectNode old) || !(now instanceof ObjectNode grown)) {
            return now;
        }
        var known = JsonMapper.shared().createObjectNode();
        old.properties().forEach(field -> {
            if (grown.has(field.getKey())) {
                known.set(field.getKey(), asFarAs(field.getValue(), grown.path(field.getKey())));
            }
        });
        return known;
    }

    @ParameterizedTest
    @MethodSource("releases")
    void a_session_that_a_release_has_stored_is_read_as_it_was_then(GoldenLog log) throws Exception {
        try (var platform = Platform.on(folder)) {
            assertThat(platform.get("/v1/sessions").path("data")).isEmpty();
        }
        log.putInto(folder);
        try (var platform = Platform.on(folder)) {
            var made = GoldenLog.made(platform, log.session());
            var then = log.madeOfIt();
            assertThat(made.path("events")).isEqualTo(then.path("events"));
            assertThat(made.path("messages")).isEqualTo(then.path("messages"));
            assertThat(asFarAs(then.path("state"), made.path("state"))).isEqualTo(then.path("state"));
            assertThat(platform.get("/handloom/v1/sessions?include_archived=true&title=golden").path("data"))
                    .hasSize(1);
        }
    }
}
