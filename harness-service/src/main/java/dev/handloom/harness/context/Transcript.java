package dev.handloom.harness.context;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.Written;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
    /** What came since the model last spoke: the API wants results first, then words, and system messages at the end. */
    private final List<Json> results = new ArrayList<>();
    private final List<Json> words = new ArrayList<>();
    private final List<Json> system = new ArrayList<>();
    private final List<Json> answer = new ArrayList<>();
    private final Map<String, OpenCall> openCalls = new HashMap<>();
    private final Set<String> modelCallIds = new HashSet<>();
    private final Map<String, Input> queued = new HashMap<>();
    private long characters;

    Transcript() {}

    long position() {
        return position;
    }

    /** The text it holds, in characters. */
    long size() {
        return characters;
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

    /** The messages so far, oldest first; user first, roles in turn, a system message only after a user's. */
    public List<Model.Message> messages() {
        var all = new ArrayList<>(messages);
        all.addAll(unanswered());
        return all;
    }

    private List<Model.Message> unanswered() {
        var said = new ArrayList<Model.Message>();
        if (!results.isEmpty() || !words.isEmpty()) {
            said.add(new Model.Message("user", Stream.concat(results.stream(), words.stream()).toList()));
        }
        if (!system.isEmpty()) {
            said.add(new Model.Message("system", List.copyOf(system)));
        }
        return said;
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
            case SessionEvent.ToolRequested(var _, var use, var _) -> call(use);
            case SessionEvent.ModelRequestEnded ended -> {
                openRequest = null;
                if (ended.isError()) {
                    cutAnswer();
                }
                if (!answer.isEmpty()) {
                    endAnswer();
                }
            }
            case SessionEvent.ToolAnswered answered -> result(
                    answered.toolUseId(), answered.content(), answered.isError());
            case SessionEvent _ -> {}
        }
    }

    private void add(Input input) {
        switch (input) {
            case Input.Message(var content) -> say(content, words);
            case Input.SystemMessage(var content) -> say(content, system);
            case Input.CustomToolResult(var id, var content, var isError) -> result(id, content, isError);
            case Input.ToolResult(var id, var content, var isError) -> result(id, content, isError);
            case Input.Interrupt _,Input.ToolConfirmation _ -> {}
        }
    }

    /** Blank text is not told: the API refuses it, and would refuse every later request of the session with it. */
    private void say(Json content, List<Json> to) {
        for (var block : Written.elements(content.text())) {
            var node = JSON.readTree(block);
            if (!node.path("type").asString("").equals("text") || !node.path("text").asString("").isBlank()) {
                keep(block, to);
            }
        }
    }

    private void keep(String block, List<Json> in) {
        characters += block.length();
        in.add(new Json(block));
    }

    /** Some servers name two calls alike, or none: then the call goes by an id of ours, so that its result is its own. */
    private void call(AgentOutput.ToolUse use) {
        var block = use.block().text();
        var id = use.modelCallId();
        if (id.isBlank() || !modelCallIds.add(id)) {
            id = "toolu_" + use.id();
            modelCallIds.add(id);
            var members = Written.members(block);
            members.put("id", JSON.writeValueAsString(id));
            block = Written.object(members);
        }
        answer.add(new Json(block));
        var input = Written.members(block).getOrDefault("input", "");
        openCalls.put(use.id(), new OpenCall(id, use.name(), new Json(Written.isObject(input) ? input : "{}")));
    }

    private void result(String toolUseId, Json content, boolean isError) {
        var call = openCalls.remove(toolUseId);
        if (call != null) {
            keep("{\"type\":\"tool_result\",\"tool_use_id\":" + JSON.writeValueAsString(call.modelCallId())
                    + ",\"content\":" + content.text() + (isError ? ",\"is_error\":true}" : "}"), results);
        }
    }

    /** A log that was forked within an answer has its beginning only: the API takes none that ends in a thought. */
    private void cutAnswer() {
        while (!answer.isEmpty() && !Set.of("text", "tool_use")
                .contains(JSON.readTree(answer.getLast().text()).path("type").asString(""))) {
            answer.removeLast();
        }
    }

    private void endAnswer() {
        messages.addAll(unanswered());
        results.clear();
        words.clear();
        system.clear();
        answer.forEach(block -> characters += block.text().length());
        var last = messages.isEmpty() ? null : messages.getLast();
        if (last != null && last.role().equals("assistant")) {
            messages.removeLast();
            answer.addAll(0, last.content());
        }
        messages.add(new Model.Message("assistant", List.copyOf(answer)));
        answer.clear();
    }
}
