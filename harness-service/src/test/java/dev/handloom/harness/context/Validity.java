package dev.handloom.harness.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules of the Messages API for what is sent. */
public final class Validity {
    private Validity() {}

    public static void assertValid(List<Model.Message> messages) {
        assertThat(messages).isNotEmpty();
        assertThat(messages.getFirst().role()).isEqualTo("user");
        var owed = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            assertThat(message.content()).isNotEmpty();
            if (i > 0) {
                assertThat(message.role()).isNotEqualTo(messages.get(i - 1).role());
            }
            switch (message.role()) {
                case "assistant" -> {
                    assertThat(owed).as("results before the next answer").isEmpty();
                    blocks(message, "tool_use").forEach(use -> owed.add(use.path("id").asString()));
                }
                case "user" -> {
                    var results = blocks(message, "tool_result").stream()
                            .map(result -> result.path("tool_use_id").asString())
                            .toList();
                    assertThat(results).as("all results at once").containsExactlyInAnyOrderElementsOf(owed);
                    assertThat(blocks(message, null).subList(0, results.size()))
                            .as("results come first")
                            .allMatch(block -> block.path("type").asString().equals("tool_result"));
                    owed.clear();
                }
                case "system" -> assertThat(owed).as("no system message between call and result").isEmpty();
                default -> throw new AssertionError(message.role());
            }
        }
        assertThat(owed).as("calls without a result").isEmpty();
    }

    private static List<JsonNode> blocks(Model.Message message, @Nullable String type) {
        return message.content()
                .stream()
                .map(Json::text)
                .map(JsonMapper.shared()::readTree)
                .filter(block -> type == null || block.path("type").asString().equals(type))
                .toList();
    }
}
