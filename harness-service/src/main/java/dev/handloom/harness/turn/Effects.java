package dev.handloom.harness.turn;

import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.SessionEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a session has set going outside its log: model requests, tools, waits. Pure: the same events always give the same
 * steps, so recorded histories replay through it. The log decides what is due; this only carries it out.
 *
 * @param open ids of the steps that are under way
 */
record Effects(Set<String> open) {
    static final Effects NONE = new Effects(Set.of());

    /**
     * @param start  what is to be begun now
     * @param finish what needs no more doing; whoever is still at it must stop
     */
    record Next(Effects effects, List<Step> start, List<String> finish) {}

    Next after(SessionEvent event) {
        return switch (event) {
            case SessionEvent.ModelRequestStarted started -> begin(new Step.AskModel(started.id()));
            case SessionEvent.ModelRequestEnded ended -> end(ended.requestId());
            case SessionEvent.ModelRetryScheduled retry -> once(
                    new Step.RetryModel("retry:" + retry.requestId(), retry.requestId(), retry.dueAt()));
            case SessionEvent.ToolRequested(var _, var use, var _) -> use.runner() == ToolRunner.HANDS
                    && use.permission() == Permission.ALLOW ? begin(new Step.RunTool(use.id())) : nothing();
            case SessionEvent.ToolApproved approved -> begin(new Step.RunTool(approved.toolUseId()));
            case SessionEvent.ToolAnswered answered -> answered.cutOff()
                    ? cutOff(answered.toolUseId())
                    : end(answered.toolUseId());
            case SessionEvent.StatusTerminated _ -> over(event);
            case SessionEvent.Deleted _ -> over(event);
            case SessionEvent.Created _,SessionEvent.Updated _,SessionEvent.InputReceived _,SessionEvent.InputTaken _,SessionEvent.StatusRunning _,SessionEvent.StatusRescheduled _,SessionEvent.StatusIdle _,SessionEvent.Archived _,SessionEvent.ThreadRunning _,SessionEvent.ThreadRescheduled _,SessionEvent.ThreadIdle _,SessionEvent.ThreadTerminated _,SessionEvent.UsageReported _,SessionEvent.Errored _,SessionEvent.TokensSpent _,SessionEvent.NoteBegun _,SessionEvent.NoteWritten _,SessionEvent.NoteFailed _,SessionEvent.AgentSpoke _,SessionEvent.ToolStarted _ ->
                nothing();
        };
    }

    private Next nothing() {
        return new Next(this, List.of(), List.of());
    }

    private Next once(Step step) {
        return new Next(this, List.of(step), List.of());
    }

    private Next begin(Step step) {
        if (open.contains(step.id())) {
            return nothing();
        }
        var more = new LinkedHashSet<>(open);
        more.add(step.id());
        return new Next(new Effects(more), List.of(step), List.of());
    }

    private Next end(String id) {
        if (!open.contains(id)) {
            return nothing();
        }
        var fewer = new LinkedHashSet<>(open);
        fewer.remove(id);
        return new Next(new Effects(fewer), List.of(), List.of(id));
    }

    private Next cutOff(String toolUseId) {
        var ended = end(toolUseId);
        return ended.finish().isEmpty()
                ? ended
                : new Next(ended.effects(), List.of(new Step.CancelTool("cancel:" + toolUseId, toolUseId)),
                        ended.finish());
    }

    private Next over(SessionEvent event) {
        return new Next(NONE, List.of(new Step.ReleaseHand("release:" + event.sessionId())), List.copyOf(open));
    }

    /** The events that set something going or end it. Nobody need be woken by the others. */
    static Set<Class<?>> wakeUps() {
        return Set.of(SessionEvent.ModelRequestStarted.class, SessionEvent.ModelRequestEnded.class,
                SessionEvent.ModelRetryScheduled.class, SessionEvent.ToolRequested.class,
                SessionEvent.ToolApproved.class, SessionEvent.ToolAnswered.class, SessionEvent.StatusTerminated.class,
                SessionEvent.Deleted.class);
    }
}
