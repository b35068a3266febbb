package dev.handloom.session.http;

import dev.handloom.api.session.Input;
import dev.handloom.kit.Ids;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import java.util.ArrayList;
import java.util.List;

/** Reads the events a client sends (contract/events.md §2). Unknown fields are refused: a misspelt one would be lost. */
final class Inputs {
    /** contract/open-questions.md A15. */
    private static final int EVENTS_MAX = 100;
    private static final int INITIAL_EVENTS_MAX = 50;
    private static final int ID_CHARS_MAX = 128;
    private static final int DENY_MESSAGE_CHARS_MAX = 10_000;

    private Inputs() {}

    static List<Input.Named> sent(Fields body) {
        var events = body.objects("events", EVENTS_MAX);
        if (events.isEmpty()) {
            throw body.invalid("events", body.hasValue("events") ? "must not be empty" : "is required");
        }
        var inputs = new ArrayList<Input.Named>();
        for (int i = 0; i < events.size(); i++) {
            var input = input(events.get(i));
            if (input instanceof Input.SystemMessage) {
                requirePlace(events.get(i), i, events.size(), inputs);
            }
            inputs.add(new Input.Named(Ids.next("sevt_"), input));
        }
        return inputs;
    }

    /** A system message is the last of its request, and follows a message or a result unless it comes alone. */
    private static void requirePlace(Fields event, int index, int size, List<Input.Named> before) {
        if (index != size - 1) {
            throw event.invalid("type", "a system.message must be the last event of the request");
        }
        if (!before.isEmpty() && !(before.getLast().input() instanceof Input.Message
                || before.getLast().input() instanceof Input.CustomToolResult
                || before.getLast().input() instanceof Input.ToolResult)) {
            throw event.invalid("type",
                    "a system.message must directly follow a user.message, user.tool_result or user.custom_tool_result");
        }
    }

    static List<Input.Named> initial(Fields body) {
        var inputs = new ArrayList<Input.Named>();
        for (var event : body.objects("initial_events", INITIAL_EVENTS_MAX)) {
            event.requireOneOf("type", "user.message", "user.define_outcome");
            inputs.add(new Input.Named(Ids.next("sevt_"), input(event)));
        }
        return inputs;
    }

    private static Input input(Fields event) {
        return switch (event.requireOneOf("type", "user.message", "user.interrupt", "user.tool_confirmation",
                "user.custom_tool_result", "user.tool_result", "user.define_outcome", "system.message")) {
            case "user.message" -> new Input.Message(
                    ContentBlocks.message(event.only("type", "content"), 1));
            case "user.interrupt" -> new Input.Interrupt(
                    event.only("type", "session_thread_id").optionalString("session_thread_id", ID_CHARS_MAX));
            case "user.tool_confirmation" -> confirmation(event);
            case "user.custom_tool_result" -> {
                event.only("type", "custom_tool_use_id", "content", "is_error", "session_thread_id");
                yield new Input.CustomToolResult(event.requireString("custom_tool_use_id", 1, ID_CHARS_MAX),
                        ContentBlocks.toolResult(event), event.bool("is_error", false));
            }
            case "user.tool_result" -> {
                event.only("type", "tool_use_id", "content", "is_error", "session_thread_id");
                yield new Input.ToolResult(event.requireString("tool_use_id", 1, ID_CHARS_MAX),
                        ContentBlocks.toolResult(event), event.bool("is_error", false));
            }
            case "system.message" -> new Input.SystemMessage(ContentBlocks.system(event.only("type", "content")));
            default -> throw Problem.notBuilt("outcomes (user.define_outcome); no release brings them yet");
        };
    }

    private static Input confirmation(Fields event) {
        event.only("type", "tool_use_id", "result", "deny_message", "session_thread_id");
        var toolUseId = event.requireString("tool_use_id", 1, ID_CHARS_MAX);
        boolean allow = event.requireOneOf("result", "allow", "deny").equals("allow");
        var message = event.optionalString("deny_message", DENY_MESSAGE_CHARS_MAX);
        if (allow && message != null) {
            throw event.invalid("deny_message", "is only possible with result \"deny\"");
        }
        return new Input.ToolConfirmation(toolUseId, allow, message);
    }
}
