package dev.handloom.harness.context;

import dev.handloom.api.Json;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A session's log folded into the messages of the Messages API, as far as it has been read. Model content is repeated
 * verbatim. Every tool_use is followed by its result, because the log closes every call. Not safe for use by several
 * threads: whoever uses it holds its monitor.
 */
public final class Transcript {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A tool call that has no result yet. */
    public record OpenCall(String modelCallId, String name, Json input) {}

    private long position;
    private @Nullable AgentSpec agent;
    private String environmentId = "";
    private @Nullable String openRequest;
    private int attempt;
    private final List<Model.Message> messages = new ArrayList<>();
    private final List<Json> answer = new ArrayList<>();
    private final Map<String, OpenCall> openCalls = new HashMap<>();
    private final Map<String, Input> queued = new HashMap<>();
    private long bytes;

    Transcript() {}

    long position() {
        return position;
    }

    /** The text it holds, in characters. */
    long size() {
        return bytes;
    }

    public AgentSpec agent() {
        if (agent == null) {
            throw new IllegalStateException("the log is empty");
        }
        return agent;
    }

    public String environmentId() {
        return environmentId;
    }

    /** The model request that the log waits for, or null. */
    public @Nullable String openRequest() {
        return openRequest;
    }

    public int attempt() {
        return attempt;
    }

    public @Nullable OpenCall openCall(String toolUseId) {
        return openCalls.get(toolUseId);
    }

    /** The messages so far, oldest first; user first, roles in turn but for system messages. */
    public List<Model.Message> messages() {
        return List.copyOf(messages);
    }

    void add(SessionLog.Entry entry) {
        position = entry.position();
        switch (entry.event()) {
            case SessionEvent.Created created -> {
                agent = AgentSpec.of(created.agent());
                environmentId = created.environmentId();
            }
            case SessionEvent.Updated updated -> agent = updated.agent() == null
                    ? agent
                    : AgentSpec.of(updated.agent());
            case SessionEvent.InputReceived received -> {
                if (received.queued()) {
                    queued.put(received.id(), received.input());
                } else {
                    add(received.input());
                }
            }
            case SessionEvent.InputTaken taken -> {
                var input = queued.remove(taken.id());
                if (input != null && !taken.flushed()) {
                    add(input);
                }
            }
            case SessionEvent.ModelRequestStarted started -> {
                openRequest = started.id();
                attempt = started.attempt();
                answer.clear();
            }
            case SessionEvent.AgentSpoke spoke -> answer.add(spoke.output().block());
            case SessionEvent.ToolRequested(var _, var use, var _) -> {
                answer.add(use.block());
                var input = JSON.readTree(use.block().text()).path("input");
                openCalls.put(use.id(), new OpenCall(use.modelCallId(), use.name(),
                        new Json(input.isObject() ? input.toString() : "{}")));
            }
            case SessionEvent.ModelRequestEnded _ -> {
                openRequest = null;
                if (!answer.isEmpty()) {
                    say("assistant", List.copyOf(answer));
                    answer.clear();
                }
            }
            case SessionEvent.ToolAnswered answered -> result(
                    answered.toolUseId(), answered.content(), answered.isError());
            case SessionEvent.StatusRunning _,SessionEvent.StatusRescheduled _,SessionEvent.StatusIdle _,SessionEvent.StatusTerminated _,SessionEvent.Archived _,SessionEvent.ThreadRunning _,SessionEvent.ThreadRescheduled _,SessionEvent.ThreadIdle _,SessionEvent.ThreadTerminated _,SessionEvent.UsageReported _,SessionEvent.Errored _,SessionEvent.TokensSpent _,SessionEvent.ModelRetryScheduled _,SessionEvent.ToolApproved _,SessionEvent.ToolStarted _,SessionEvent.Deleted _ ->
                {}
        }
    }

    private void add(Input input) {
        switch (input) {
            case Input.Message(var content) -> say("user", blocks(content));
            case Input.SystemMessage(var content) -> say("system", blocks(content));
            case Input.CustomToolResult(var id, var content, var isError) -> result(id, content, isError);
            case Input.ToolResult(var id, var content, var isError) -> result(id, content, isError);
            case Input.Interrupt _,Input.ToolConfirmation _ -> {}
        }
    }

    private void result(String toolUseId, Json content, boolean isError) {
        var call = openCalls.remove(toolUseId);
        if (call == null) {
            return;
        }
        var block = JSON.createObjectNode().put("type", "tool_result").put("tool_use_id", call.modelCallId());
        block.set("content", JSON.readTree(content.text()));
        if (isError) {
            block.put("is_error", true);
        }
        say("user", List.of(new Json(block.toString())));
    }

    /** What one side says in a row is one message. */
    private void say(String role, List<Json> content) {
        content.forEach(block -> bytes += block.text().length());
        var last = messages.isEmpty() ? null : messages.getLast();
        if (last != null && last.role().equals(role)) {
            var both = new ArrayList<>(last.content());
            both.addAll(content);
            messages.set(messages.size() - 1, new Model.Message(role, List.copyOf(both)));
        } else {
            messages.add(new Model.Message(role, content));
        }
    }

    private static List<Json> blocks(Json content) {
        var blocks = new ArrayList<Json>();
        for (JsonNode block : JSON.readTree(content.text())) {
            blocks.add(new Json(block.toString()));
        }
        return blocks;
    }
}
