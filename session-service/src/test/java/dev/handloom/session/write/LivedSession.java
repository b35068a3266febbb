package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.Policy;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A session without an engine: commands in, events out, the way it lives through them. */
abstract class LivedSession {
    static final SessionId ID = new SessionId("sesn_1");
    static final Json TEXT = new Json("[{\"type\":\"text\",\"text\":\"hello\"}]");
    static final Tokens TEN = new Tokens(6, 4, 0, 0, 0);

    @Nullable
    SessionState state;
    Instant now = Instant.parse("2026-11-24T12:00:00Z");
    int ids;
    final List<SessionEvent> log = new ArrayList<>();

    LivedSession() {
        act(draft -> new ClientRules(draft).create(new SessionCommand.Create(
                ID, "sthr_1", "weaver", new Json("{}"), "env_1", null, Map.of(), List.of(), null)));
    }

    List<String> act(Consumer<Draft> rule) {
        now = now.plusSeconds(1);
        var draft = new Draft(state, () -> "sevt_" + ++ids, now);
        rule.accept(draft);
        for (var event : draft.events()) {
            state = SessionState.fold(state, event);
            log.add(event);
        }
        return draft.events().stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    SessionState state() {
        return java.util.Objects.requireNonNull(state);
    }

    List<String> send(Input... inputs) {
        var named = new ArrayList<Input.Named>();
        for (var input : inputs) {
            named.add(new Input.Named("in_" + ++ids, input));
        }
        return act(draft -> new ClientRules(draft).send(named));
    }

    List<String> message() {
        return send(new Input.Message(TEXT));
    }

    String request() {
        return java.util.Objects.requireNonNull(state().turn().request());
    }

    List<String> answer(AgentOutput... outputs) {
        return answer(outputs.length > 0 && outputs[outputs.length - 1] instanceof AgentOutput.ToolUse
                ? ModelStop.Kind.TOOL_USE
                : ModelStop.Kind.END, outputs);
    }

    List<String> answer(ModelStop.Kind stop, AgentOutput... outputs) {
        return act(draft -> new BrainRules(draft).modelAnswered(new SessionCommand.RecordModelAnswer(
                ID, request(), List.of(outputs), TEN, null, new ModelStop(stop, null))));
    }

    List<String> fail(Verdict verdict) {
        return act(draft -> new BrainRules(draft).modelFailed(new SessionCommand.RecordModelFailure(
                ID, request(), "model_overloaded_error", "busy", Tokens.NONE, verdict)));
    }

    List<String> toolAnswers(String id) {
        return act(draft -> new BrainRules(draft).toolAnswered(
                new SessionCommand.RecordToolResult(ID, id, TEXT, false)));
    }

    ToolStart startTool(String id) {
        var start = new ArrayList<ToolStart>();
        act(draft -> start.add(new BrainRules(draft).startTool(id)));
        return start.getFirst();
    }

    static AgentOutput text() {
        return new AgentOutput.Text("msg", new Json("{\"type\":\"text\",\"text\":\"hi\"}"));
    }

    static AgentOutput tool(String id, Permission permission) {
        var policy = permission == Permission.ASK ? Policy.ALWAYS_ASK : Policy.ALWAYS_ALLOW;
        return new AgentOutput.ToolUse(id, new Json("{}"), "toolu_" + id, "bash", ToolRunner.HANDS, null, permission,
                permission == Permission.DENY ? null : policy, null);
    }

    static AgentOutput custom(String id) {
        return new AgentOutput.ToolUse(id, new Json("{}"), "toolu_" + id, "weather", ToolRunner.CLIENT, null,
                Permission.ALLOW, null, null);
    }

    static Input result(String id) {
        return new Input.CustomToolResult(id, TEXT, false);
    }

    static Input allow(String id) {
        return new Input.ToolConfirmation(id, true, null);
    }
}
