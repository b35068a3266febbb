package dev.handloom.harness.replay;

import dev.handloom.api.Json;
import dev.handloom.harness.context.strategy.Line;
import dev.handloom.harness.context.strategy.Prelude;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A conversation retold in the shape of the Messages API: who speaks twice in a row has said it in one message. */
final class Told {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<Line> lines = new ArrayList<>();
    private String role = "";
    private final List<Json> blocks = new ArrayList<>();
    private final List<Integer> askedAt = new ArrayList<>();

    static Prelude prelude(String system) {
        var text = JSON.createArrayNode();
        text.add(textBlock(system));
        return Prelude.of(List.of(), system.isEmpty() ? null : new Json(text.toString()));
    }

    static ObjectNode textBlock(String text) {
        return JSON.createObjectNode().put("type", "text").put("text", text);
    }

    static ObjectNode useBlock(String id, String name, JsonNode input) {
        var block = JSON.createObjectNode().put("type", "tool_use").put("id", id).put("name", name);
        block.set("input", input);
        return block;
    }

    static ObjectNode resultBlock(String id, String content, boolean isError) {
        var block = JSON.createObjectNode().put("type", "tool_result").put("tool_use_id", id).put("content", content);
        return isError ? block.put("is_error", true) : block;
    }

    void say(String speaker, List<ObjectNode> said) {
        if (!speaker.equals("user") && !speaker.equals("assistant")) {
            throw new IllegalArgumentException("messages come from user or assistant, not from " + speaker);
        }
        if (!speaker.equals(role)) {
            close();
            role = speaker;
            if (speaker.equals("assistant")) {
                askedAt.add(lines.size());
            }
        }
        said.forEach(block -> blocks.add(new Json(block.toString())));
    }

    private void close() {
        if (!blocks.isEmpty()) {
            lines.add(Line.of(new Model.Message(role, List.copyOf(blocks)), lines.size() + 1, lines.size() + 1));
            blocks.clear();
        }
    }

    List<Line> lines() {
        close();
        if (lines.isEmpty() || !lines.getFirst().role().equals("user")) {
            throw new IllegalArgumentException("a conversation begins with the user");
        }
        return List.copyOf(lines);
    }

    /** How many lines there were, each time the model was asked. */
    List<Integer> askedAt() {
        return askedAt;
    }
}
