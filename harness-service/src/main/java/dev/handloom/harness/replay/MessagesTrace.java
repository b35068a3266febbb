package dev.handloom.harness.replay;

import dev.handloom.harness.replay.Recording.Billed;
import dev.handloom.harness.replay.Recording.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code {id, system, messages, calls}}: messages of the Messages API, and for the i-th answer what its provider billed.
 * Thinking without a signature was never sent back, so it is left out.
 */
final class MessagesTrace {
    private MessagesTrace() {}

    static Recording read(JsonNode session) {
        var told = new Told();
        for (var message : session.path("messages")) {
            var blocks = new ArrayList<ObjectNode>();
            for (var block : message.path("content")) {
                var read = block(block);
                if (read != null) {
                    blocks.add(read);
                }
            }
            if (message.path("content").isString()) {
                blocks.add(Told.textBlock(message.path("content").asString()));
            }
            told.say(message.path("role").asString(""), blocks);
        }
        var lines = told.lines();
        var bills = new ArrayList<Prices.Bill>();
        var calls = new ArrayList<Call>();
        for (int i = 0; i < told.askedAt().size(); i++) {
            calls.add(call(told.askedAt().get(i), session.path("calls").path(i), bills));
        }
        return new Recording(session.path("id").asString("session"), Told.prelude(session.path("system").asString("")),
                lines, calls, Prices.behind(bills));
    }

    private static @Nullable ObjectNode block(JsonNode block) {
        return switch (block.path("type").asString("")) {
            case "tool_use" -> Told.useBlock(block.path("id").asString(""), block.path("name").asString(""),
                    block.path("input"));
            case "tool_result" -> {
                var content = block.path("content");
                var result = Told.resultBlock(block.path("tool_use_id").asString(""), content.asString(""),
                        block.path("is_error").asBoolean(false));
                if (!content.isString()) {
                    result.set("content", content);
                }
                yield result;
            }
            case "thinking" -> block.path("signature").asString("").isEmpty() ? null : (ObjectNode) block;
            default -> (ObjectNode) block;
        };
    }

    private static Call call(int lines, JsonNode call, List<Prices.Bill> bills) {
        var at = call.path("created").isNumber() ? Instant.ofEpochSecond(call.path("created").asLong()) : null;
        if (!call.path("prompt_tokens").isNumber()) {
            return new Call(lines, at, null);
        }
        var billed = new Billed(call.path("prompt_tokens").asLong(), call.path("cached_tokens").asLong(0),
                call.path("completion_tokens").asLong(0));
        if (call.path("cost_usd").isNumber()) {
            bills.add(new Prices.Bill(billed, call.path("cost_usd").asDouble()));
        }
        return new Call(lines, at, billed);
    }
}
