package dev.handloom.session.http;

import dev.handloom.kit.http.ExactJson;
import dev.handloom.session.read.EventView;
import dev.handloom.session.read.Rewinds;
import dev.handloom.session.read.SessionView;
import dev.handloom.session.write.SessionState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A session as it was at a position (docs/POSITIONS.md). */
final class StateView {
    private static final JsonMapper JSON = JsonMapper.shared();

    private StateView() {}

    static ObjectNode of(SessionState state, long head, Rewinds.Trace trace) {
        var at = state.lastAt();
        var shown = JSON.createObjectNode()
                .put("session_id", state.id().value())
                .put("at", state.position())
                .put("head", head)
                .put("time", at.toString())
                .put("status", SessionView.status(state));
        if (state.stopReason() == null) {
            shown.putNull("stop_reason");
        } else {
            shown.set("stop_reason", JSON.valueToTree(state.stopReason()));
        }
        shown.put("open_model_request", state.openRequest()).put("awaited_model_retry", state.awaitedRetry());
        var calls = shown.putArray("pending_calls");
        for (var call : state.pendingCalls()) {
            calls.addObject()
                    .put("id", call.id())
                    .put("name", trace.nameOf(call.id()).orElse(null))
                    .put("runner", lower(call.runner().name()))
                    .put("phase", lower(call.phase()));
        }
        var queue = shown.putArray("queue");
        state.queuedAt().forEach(queue::add);
        shown.set("usage", EventView.usage(state.tokens(), state.activeAt(at).toMillis() / 1000.0));
        shown.set("context", context(state, trace));
        shown.put("title", state.title());
        shown.set("metadata", JSON.valueToTree(state.metadata()));
        var agent = ExactJson.read(state.agent());
        shown.putObject("agent")
                .put("id", text(agent.path("id").asString("")))
                .put("version", agent.path("version").asInt(0));
        shown.put("environment_id", state.environmentId());
        shown.set("sandbox", sandbox(trace));
        return shown.put("archived_at", state.archivedAt() == null ? null : state.archivedAt().toString());
    }

    private static @Nullable String text(String text) {
        return text.isEmpty() ? null : text;
    }

    /** No estimate: what the model's own bill says of the last request that it answered. */
    private static ObjectNode context(SessionState state, Rewinds.Trace trace) {
        var context = JSON.createObjectNode().put("events", state.position());
        trace.lastAnsweredRequest().ifPresentOrElse(ended -> {
            var tokens = ended.tokens();
            context.put("last_request_id", ended.requestId())
                    .put("last_request_input_tokens", tokens.input() + tokens.cacheRead() + tokens.cacheWritten5m()
                            + tokens.cacheWritten1h());
        }, () -> context.putNull("last_request_id").putNull("last_request_input_tokens"));
        return context;
    }

    /** What the log knows of it: the calls that reached it last. */
    private static ObjectNode sandbox(Rewinds.Trace trace) {
        var sandbox = JSON.createObjectNode();
        trace.lastStarted()
                .ifPresentOrElse(started -> sandbox.putObject("last_tool_started")
                        .put("id", started.toolUseId())
                        .put("name", trace.nameOf(started.toolUseId()).orElse(null))
                        .put("at", started.at().toString()), () -> sandbox.putNull("last_tool_started"));
        trace.lastAnswered()
                .ifPresentOrElse(answered -> sandbox.putObject("last_tool_answered")
                        .put("id", answered.toolUseId())
                        .put("name", trace.nameOf(answered.toolUseId()).orElse(null))
                        .put("is_error", answered.isError())
                        .put("at", answered.at().toString()), () -> sandbox.putNull("last_tool_answered"));
        return sandbox;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
