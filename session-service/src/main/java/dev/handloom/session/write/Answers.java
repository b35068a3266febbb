package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the model reads in place of a result, when a call never ran to its end. */
final class Answers {
    /** The documented words (contract/events.md §7). */
    static final Json INTERRUPTED = text("Tool execution was interrupted before completion. Please retry.");

    static final Json FORKED = text("Tool execution was interrupted: this session was forked before the call had its "
            + "result. The call was never re-run in this fork.");

    private Answers() {}

    static Json denied(@Nullable String message) {
        return text(message == null || message.isBlank()
                ? "The user denied this tool call."
                : "The user denied this tool call: " + message);
    }

    /** A call that no client was asked about: the tool is unknown, switched off or denied by its policy. */
    static Json refused(AgentOutput.ToolUse use) {
        return text(use.refusal() == null ? "Permission to use " + use.name() + " has been denied." : use.refusal());
    }

    private static Json text(String text) {
        var json = JsonMapper.shared();
        var content = json.createArrayNode();
        content.addObject().put("type", "text").put("text", text);
        return new Json(json.writeValueAsString(content));
    }
}
