package dev.handloom.session.read;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import dev.handloom.kit.http.ExactJson;
import java.time.Instant;
import java.util.Locale;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stored event as the API shows it (contract/events.md §2, §3): one event at the most, none for the platform's own
 * bookkeeping. Golden files hold every shape.
 */
public final class EventView {
    private static final JsonMapper JSON = JsonMapper.shared();

    private EventView() {}

    /**
     * @param at reads the log at a position: an input that was taken from the queue is shown with its content, which
     *           stands where it was received
     * @return the API's JSON object, or null for an event the API does not show
     */
    public static @Nullable ObjectNode of(SessionEvent event, LongFunction<SessionEvent> at) {
        return switch (event) {
            case SessionEvent.InputReceived received -> input(
                    received.id(), received.input(), received.queued() ? null : received.at());
            case SessionEvent.InputTaken taken -> input(
                    taken.id(), ((SessionEvent.InputReceived) at.apply(taken.receivedAt())).input(), taken.at());
            case SessionEvent.AgentSpoke spoke -> output(spoke.output(), spoke.at());
            case SessionEvent.ToolRequested requested -> toolUse(requested.use(), requested.at());
            case SessionEvent.ToolAnswered answer -> answer(answer);
            case SessionEvent.StatusRunning e -> shown("session.status_running", e.id(), e.at());
            case SessionEvent.StatusRescheduled e -> shown("session.status_rescheduled", e.id(), e.at());
            case SessionEvent.StatusTerminated e -> shown("session.status_terminated", e.id(), e.at());
            case SessionEvent.StatusIdle e -> resting(shown("session.status_idle", e.id(), e.at()), e.stopReason());
            case SessionEvent.ThreadRunning e -> thread(
                    shown("session.thread_status_running", e.id(), e.at()), e.threadId(), e.agentName());
            case SessionEvent.ThreadRescheduled e -> thread(
                    shown("session.thread_status_rescheduled", e.id(), e.at()), e.threadId(), e.agentName());
            case SessionEvent.ThreadTerminated e -> thread(
                    shown("session.thread_status_terminated", e.id(), e.at()), e.threadId(), e.agentName());
            case SessionEvent.ThreadIdle e -> resting(
                    thread(shown("session.thread_status_idle", e.id(), e.at()), e.threadId(), e.agentName()),
                    e.stopReason());
            case SessionEvent.UsageReported e -> {
                var shown = shown("session.usage", e.id(), e.at());
                shown.set("usage", usage(e.tokens(), e.activeSeconds()));
                yield shown.putNull("budget");
            }
            case SessionEvent.Errored e -> {
                var shown = shown("session.error", e.id(), e.at());
                shown.putObject("error")
                        .put("type", e.error())
                        .put("message", e.message())
                        .putObject("retry_status")
                        .put("type", lower(e.retryStatus()));
                yield shown;
            }
            case SessionEvent.ModelRequestStarted e -> shown("span.model_request_start", e.id(), e.at());
            case SessionEvent.ModelRequestEnded e -> requestEnd(e);
            case SessionEvent.Updated e -> updated(e);
            case SessionEvent.Deleted e -> shown("session.deleted", e.id(), e.at());
            case SessionEvent.Created _ -> null;
            case SessionEvent.Erased _ -> null;
            case SessionEvent.Archived _ -> null;
            case SessionEvent.NoteBegun _ -> null;
            case SessionEvent.NoteWritten e -> shown("agent.thread_context_compacted", e.id(), e.at());
            case SessionEvent.NoteFailed _ -> null;
            case SessionEvent.TokensSpent _ -> null;
            case SessionEvent.ModelRetryScheduled _ -> null;
            case SessionEvent.ToolApproved _ -> null;
            case SessionEvent.ToolStarted _ -> null;
            case SessionEvent.Forked _ -> null;
            case SessionEvent.RequestRecorded _ -> null;
        };
    }

    /** An input as its event shows it; {@code processedAt} is null while it is queued. */
    public static ObjectNode input(String id, Input input, @Nullable Instant processedAt) {
        var shown = switch (input) {
            case Input.Message message -> with("content", message.content(), object("user.message", id));
            case Input.SystemMessage message -> with("content", message.content(), object("system.message", id));
            case Input.Interrupt interrupt -> {
                var object = object("user.interrupt", id);
                yield interrupt.threadId() == null ? object : object.put("session_thread_id", interrupt.threadId());
            }
            case Input.ToolConfirmation confirmation -> {
                var object = object("user.tool_confirmation", id).put("tool_use_id", confirmation.toolUseId())
                        .put("result", confirmation.allow() ? "allow" : "deny");
                yield confirmation.denyMessage() == null
                        ? object
                        : object.put("deny_message", confirmation.denyMessage());
            }
            case Input.CustomToolResult result -> with("content", result.content(),
                    object("user.custom_tool_result", id).put("custom_tool_use_id", result.toolUseId()))
                    .put("is_error", result.isError());
            case Input.ToolResult result -> with("content", result.content(),
                    object("user.tool_result", id).put("tool_use_id", result.toolUseId()))
                    .put("is_error", result.isError());
        };
        return processedAt == null ? shown.putNull("processed_at") : shown.put("processed_at", processedAt.toString());
    }

    private static @Nullable ObjectNode output(AgentOutput output, Instant at) {
        return switch (output) {
            case AgentOutput.Text text -> {
                var shown = shown("agent.message", text.id(), at);
                shown.putArray("content")
                        .addObject()
                        .put("type", "text")
                        .put("text", tree(text.block()).path("text").asString(""));
                yield shown;
            }
            case AgentOutput.Thinking thinking -> shown("agent.thinking", thinking.id(), at);
            case AgentOutput.Other _ -> null;
            case AgentOutput.ToolUse use -> toolUse(use, at);
        };
    }

    private static ObjectNode toolUse(AgentOutput.ToolUse use, Instant at) {
        var shown = shown(switch (use.runner()) {
            case HANDS -> "agent.tool_use";
            case CLIENT -> "agent.custom_tool_use";
            case MCP -> "agent.mcp_tool_use";
        }, use.id(), at).put("name", use.name());
        if (use.serverName() != null) {
            shown.put("mcp_server_name", use.serverName());
        }
        var input = tree(use.block()).path("input");
        shown.set("input", input.isObject() ? input : JsonNodeFactory.instance.objectNode());
        if (use.runner() != ToolRunner.CLIENT) {
            shown.put("evaluated_permission", lower(use.permission()));
            if (use.policy() != null) {
                var evaluation = shown.putObject("evaluation").put("type", lower(use.policy()));
                if (use.policy() == AgentOutput.Policy.AUTO) {
                    var verdict = evaluation.putObject("evaluated_permission").put("type", lower(use.permission()));
                    if (use.permission() != AgentOutput.Permission.ALLOW) {
                        verdict.put("reason_code", "indeterminate");
                    }
                }
            }
        }
        return shown;
    }

    private static ObjectNode answer(SessionEvent.ToolAnswered answer) {
        var shown = switch (answer.runner()) {
            case HANDS -> object("agent.tool_result", answer.id()).put("tool_use_id", answer.toolUseId());
            case MCP -> object("agent.mcp_tool_result", answer.id()).put("mcp_tool_use_id", answer.toolUseId());
            case CLIENT -> object("user.custom_tool_result", answer.id())
                    .put("custom_tool_use_id", answer.toolUseId());
        };
        return with("content", answer.content(), shown).put("is_error", answer.isError())
                .put("processed_at", answer.at().toString());
    }

    private static ObjectNode requestEnd(SessionEvent.ModelRequestEnded ended) {
        var shown = shown("span.model_request_end", ended.id(), ended.at())
                .put("model_request_start_id", ended.requestId())
                .put("is_error", ended.isError());
        var usage = shown.putObject("model_usage")
                .put("input_tokens", ended.tokens().input())
                .put("output_tokens", ended.tokens().output())
                .put("cache_creation_input_tokens", ended.tokens().cacheWritten5m() + ended.tokens().cacheWritten1h())
                .put("cache_read_input_tokens", ended.tokens().cacheRead());
        if (ended.speed() != null) {
            usage.put("speed", ended.speed());
        }
        return shown;
    }

    private static ObjectNode updated(SessionEvent.Updated updated) {
        var shown = shown("session.updated", updated.id(), updated.at());
        if (updated.titleChanged()) {
            shown.put("title", updated.title());
        }
        if (updated.metadata() != null && !updated.metadata().isEmpty()) {
            shown.set("metadata", JSON.valueToTree(updated.metadata()));
        }
        if (updated.agent() != null) {
            shown.set("agent", tree(updated.agent()));
        }
        return shown;
    }

    /** The usage object of sessions, threads and {@code session.usage}; every field is present from the start. */
    public static ObjectNode usage(Tokens tokens, double activeSeconds) {
        var usage = JSON.createObjectNode()
                .put("input_tokens", tokens.input())
                .put("output_tokens", tokens.output())
                .put("cache_read_input_tokens", tokens.cacheRead());
        usage.putObject("cache_creation")
                .put("ephemeral_5m_input_tokens", tokens.cacheWritten5m())
                .put("ephemeral_1h_input_tokens", tokens.cacheWritten1h());
        // Prices come with budgets; an unpriced model costs 0 (contract/open-questions.md F6).
        usage.putObject("list_cost").put("amount", "0").put("currency", "USD");
        usage.put("active_seconds", activeSeconds);
        usage.putObject("server_tool_use").put("web_search_requests", 0).put("web_fetch_requests", 0);
        return usage;
    }

    private static ObjectNode resting(ObjectNode shown, StopReason reason) {
        var stop = shown.putObject("stop_reason");
        switch (reason) {
            case StopReason.EndTurn() -> stop.put("type", "end_turn");
            case StopReason.RetriesExhausted() -> stop.put("type", "retries_exhausted");
            case StopReason.RequiresAction(var ids) -> {
                stop.put("type", "requires_action");
                ids.forEach(stop.putArray("event_ids")::add);
            }
            case StopReason.Refused(var details) -> {
                stop.put("type", "refusal");
                shown.set("stop_details", refusal(details));
                return shown;
            }
        }
        return shown.putNull("stop_details");
    }

    private static ObjectNode refusal(@Nullable Json details) {
        var given = details == null ? JSON.createObjectNode() : tree(details);
        var shown = JSON.createObjectNode().put("type", "refusal");
        shown.set("category", given.path("category").isString() ? given.get("category") : JSON.nullNode());
        shown.set("explanation", given.path("explanation").isString() ? given.get("explanation") : JSON.nullNode());
        return shown;
    }

    private static ObjectNode thread(ObjectNode shown, String threadId, String agentName) {
        return shown.put("session_thread_id", threadId).put("agent_name", agentName);
    }

    private static ObjectNode object(String type, String id) {
        return JSON.createObjectNode().put("type", type).put("id", id);
    }

    private static ObjectNode shown(String type, String id, Instant at) {
        return object(type, id).put("processed_at", at.toString());
    }

    private static ObjectNode with(String field, Json value, ObjectNode object) {
        object.set(field, tree(value));
        return object;
    }

    private static JsonNode tree(Json json) {
        return ExactJson.read(json);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
