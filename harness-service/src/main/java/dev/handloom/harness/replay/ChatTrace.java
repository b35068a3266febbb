package dev.handloom.harness.replay;

import dev.handloom.harness.replay.Recording.Call;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code {task_id, traj}}: OpenAI's chat messages, without times or usage. */
final class ChatTrace {
    private ChatTrace() {}

    static Recording read(JsonNode session) {
        var told = new Told();
        var system = new StringBuilder();
        for (var message : session.path("traj")) {
            var content = message.path("content").asString("");
            switch (message.path("role").asString("")) {
                case "system" -> system.append(content);
                case "assistant" -> told.say("assistant", answer(message, content));
                case "tool" -> told.say("user", List.of(Told.resultBlock(
                        message.path("tool_call_id").asString(""), content, false)));
                default -> told.say("user", List.of(Told.textBlock(content)));
            }
        }
        var lines = told.lines();
        return new Recording("task-" + session.path("task_id").asString(""), Told.prelude(system.toString()), lines,
                told.askedAt().stream().map(asked -> new Call(asked, null, null)).toList(), null);
    }

    private static List<ObjectNode> answer(JsonNode message, String content) {
        var blocks = new ArrayList<ObjectNode>();
        if (!content.isBlank()) {
            blocks.add(Told.textBlock(content));
        }
        for (var call : message.path("tool_calls")) {
            blocks.add(Told.useBlock(call.path("id").asString(""), call.at("/function/name").asString(""),
                    JsonMapper.shared().readTree(call.at("/function/arguments").asString("{}"))));
        }
        return blocks;
    }
}
