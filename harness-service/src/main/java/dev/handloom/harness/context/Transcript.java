package dev.handloom.harness.context;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.context.strategy.ContextStrategy;
import dev.handloom.harness.context.strategy.Line;
import dev.handloom.harness.context.strategy.Past;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.ViewHash;
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
    /** Beyond these a count is more likely wrong than the estimate. */
    private static final double CORRECTION_LEAST = 0.5;

    private static final double CORRECTION_MOST = 2;

    /** A tool call that has no result yet. */
    public record OpenCall(String modelCallId, String name, Json input) {}

    private long position;
    private @Nullable AgentSpec agent;
    private String environmentId = "";
    private @Nullable String openRequest;
    private int attempt;
    private final List<Line> lines = new ArrayList<>();
    /** What has no answer yet, as lines; null when it must be worked out again. */
    private @Nullable List<Line> pending;

    private long pendingFrom;
    private long pendingTo;
    private final List<Past.Asked> asked = new ArrayList<>();
    private final ViewHash hash = new ViewHash();
    private double correction = 1;
    private final List<Past.Note> notes = new ArrayList<>();
    private int noteFailed;
    private @Nullable String openNote;
    /** What came since the model last spoke: the API wants results first, then words, and system messages at the end. */
    private final List<Json> results = new ArrayList<>();
    private final List<Json> words = new ArrayList<>();
    private final List<Json> system = new ArrayList<>();
    private final List<Json> answer = new ArrayList<>();
    private long answerFrom;
    private final Map<String, OpenCall> openCalls = new HashMap<>();
    private final Set<String> modelCallIds = new HashSet<>();
    private final Map<String, Input> queued = new HashMap<>();
    private long characters;

    public Transcript() {}

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

    /** The note that the log waits for, or null: its writer may have died. */
    public @Nullable String openNote() {
        return openNote;
    }

    public @Nullable OpenCall openCall(String toolUseId) {
        return openCalls.get(toolUseId);
    }

    /** The messages so far, oldest first; user first, roles in turn, a system message only after a user's. */
    public List<Model.Message> messages() {
        return lines().stream().map(Line::message).toList();
    }

    /** What the model is to be shown when it is asked now. */
    public Sight look(Policy policy, long windowTokens) {
        var past = new Past(agent().prelude(), lines(), List.copyOf(asked), List.copyOf(notes),
                noteFailed, windowTokens);
        var view = ContextStrategy.of(policy).view(past);
        return Sight.of(policy, view, hash.of(view.lines(), agent().prelude()));
    }

    /** As {@link #messages}, with what the strategies need to know of each. */
    public List<Line> lines() {
        var all = new ArrayList<>(lines);
        all.addAll(unanswered());
        return all;
    }

    private List<Line> unanswered() {
        var said = pending;
        if (said == null) {
            said = new ArrayList<>();
            if (!results.isEmpty() || !words.isEmpty()) {
                said.add(Line.of(new Model.Message("user", Stream.concat(results.stream(), words.stream()).toList()),
                        pendingFrom, pendingTo));
            }
            if (!system.isEmpty()) {
                said.add(Line.of(new Model.Message("system", List.copyOf(system)), pendingFrom, pendingTo));
            }
            pending = said;
        }
        return said;
    }

    /** The entry after the last one. */
    public void add(SessionLog.Entry entry) {
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
                ask();
            }
            case SessionEvent.AgentSpoke spoke -> answer(spoke.output().block());
            case SessionEvent.ToolRequested(var _, var use, var _) -> call(use);
            case SessionEvent.ModelRequestEnded ended -> {
                openRequest = null;
                openNote = null;
                if (ended.isError()) {
                    cutAnswer();
                }
                correct(ended);
                if (!answer.isEmpty()) {
                    endAnswer();
                }
            }
            case SessionEvent.NoteBegun begun -> openNote = begun.id();
            case SessionEvent.NoteWritten written -> note(written);
            case SessionEvent.NoteFailed _ -> {
                openNote = null;
                noteFailed = asked.size();
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
        if (results.isEmpty() && words.isEmpty() && system.isEmpty()) {
            pendingFrom = position;
        }
        in.add(new Json(block));
        pendingTo = position;
        pending = null;
    }

    private void note(SessionEvent.NoteWritten written) {
        openNote = null;
        int stoodFor = 0;
        for (var line : lines()) {
            stoodFor += line.to() <= written.to() ? 1 : 0;
        }
        var kind = switch (written.kind()) {
            case SUMMARY -> Past.Kind.SUMMARY;
            case HANDOVER -> Past.Kind.HANDOVER;
        };
        characters += written.text().length();
        notes.add(new Past.Note(kind, stoodFor, asked.size(), written.text()));
    }

    private void ask() {
        int seen = lines.size() + unanswered().size();
        if (!asked.isEmpty() && asked.getLast().lines() == seen) {
            asked.removeLast();
        }
        asked.add(new Past.Asked(seen, correction));
    }

    /** What a request really took corrects the estimates of those after it. */
    private void correct(SessionEvent.ModelRequestEnded ended) {
        var viewed = ended.viewed();
        var tokens = ended.tokens();
        long real = tokens.input() + tokens.cacheRead() + tokens.cacheWritten5m() + tokens.cacheWritten1h();
        if (viewed != null && !ended.isError() && real > 0 && viewed.tokens().total() > 0) {
            correction = Math.clamp((double) real / viewed.tokens().total(), CORRECTION_LEAST, CORRECTION_MOST);
        }
    }

    private void answer(Json block) {
        if (answer.isEmpty()) {
            answerFrom = position;
        }
        answer.add(block);
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
        answer(new Json(block));
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
        lines.addAll(unanswered());
        results.clear();
        words.clear();
        system.clear();
        pending = null;
        answer.forEach(block -> characters += block.text().length());
        long from = answerFrom;
        var last = lines.isEmpty() ? null : lines.getLast();
        if (last != null && last.role().equals("assistant")) {
            lines.removeLast();
            answer.addAll(0, last.message().content());
            from = last.from();
        }
        lines.add(Line.of(new Model.Message("assistant", List.copyOf(answer)), from, position));
        answer.clear();
    }
}
