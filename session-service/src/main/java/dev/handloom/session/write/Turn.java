package dev.handloom.session.write;

import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the turn stands: what the model, the hands and the client still owe. Pure: it follows from the log alone.
 *
 * @param request  the open model request, if one is
 * @param attempt  of the open or awaited request, from 1
 * @param retryOf  the failed request whose repetition is awaited, if one is
 * @param requests how many requests this turn has made
 * @param calls    tool calls without a result, in the order the model made them (those allowed later: as allowed)
 * @param queue    inputs that wait for the turn to take them up, in order
 * @param answered the last calls that got their result, so that a repeated answer is known from a wrong one
 * @param note     the note that is being written for the open request, if one is
 */
record Turn(
        @Nullable String request,
        int attempt,
        @Nullable String retryOf,
        int requests,
        Map<String, OpenCall> calls,
        List<Queued> queue,
        List<Answered> answered,
        @Nullable String note
) {
    static final Turn NONE = new Turn(null, 0, null, 0, Map.of(), List.of(), List.of());

    /** A note ends with its request: whatever changes the request leaves none. */
    private Turn(
            @Nullable String request,
            int attempt,
            @Nullable String retryOf,
            int requests,
            Map<String, OpenCall> calls,
            List<Queued> queue,
            List<Answered> answered
    ) {
        this(request, attempt, retryOf, requests, calls, queue, answered, null);
    }

    /** How many answered calls are remembered. */
    static final int ANSWERED_MAX = 256;

    /** @param receivedAt the position of its {@link SessionEvent.InputReceived} */
    record Queued(String id, long receivedAt, boolean startsTurn) {}

    /** @param call as it last was */
    record Answered(String id, OpenCall call) {}

    /** Nothing is owed: the next model request may be made, or the turn is over. */
    boolean settled() {
        return request == null && retryOf == null && calls.isEmpty();
    }

    /** Only the client can bring the turn forward. */
    boolean waitsForClient() {
        return request == null && retryOf == null
                && calls.values().stream().anyMatch(OpenCall::waitsForClient)
                && calls.values().stream().noneMatch(OpenCall::withHands);
    }

    List<String> idsWaitingForClient() {
        return calls.entrySet()
                .stream()
                .filter(call -> call.getValue().waitsForClient())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether an input waits that begins a turn. */
    boolean messageWaits() {
        return queue.stream().anyMatch(Queued::startsTurn);
    }

    /** The call as it is, or as it last was if it is one of those answered lately. */
    Optional<OpenCall> known(String toolUseId) {
        var open = calls.get(toolUseId);
        return open != null
                ? Optional.of(open)
                : answered.stream().filter(past -> past.id().equals(toolUseId)).map(Answered::call).findFirst();
    }

    Turn after(SessionEvent event, long position) {
        return switch (event) {
            case SessionEvent.InputReceived received -> afterInput(received, position);
            case SessionEvent.InputTaken taken -> new Turn(request, attempt, retryOf, requests, calls,
                    queue.stream().filter(queued -> !queued.id().equals(taken.id())).toList(), answered);
            case SessionEvent.ModelRequestStarted started -> new Turn(
                    started.id(), started.attempt(), null, requests + 1, calls, queue, answered);
            case SessionEvent.ModelRequestEnded _ -> new Turn(null, attempt, null, requests, calls, queue, answered);
            case SessionEvent.ModelRetryScheduled retry -> new Turn(
                    null, retry.attempt(), retry.requestId(), requests, calls, queue, answered);
            case SessionEvent.ToolRequested requested -> with(
                    requested.use().id(), callOf(requested.use()));
            case SessionEvent.ToolApproved approved -> in(approved.toolUseId(), OpenCall.Phase.DUE);
            case SessionEvent.ToolStarted started -> in(started.toolUseId(), OpenCall.Phase.STARTED);
            case SessionEvent.ToolAnswered answer -> without(answer.toolUseId());
            case SessionEvent.StatusIdle idle -> idle.stopReason() instanceof StopReason.RequiresAction
                    ? this
                    : new Turn(null, 0, null, 0, calls, queue, answered);
            case SessionEvent.NoteBegun begun -> note(begun.id());
            case SessionEvent.NoteWritten _ -> note(null);
            case SessionEvent.NoteFailed _ -> note(null);
            case SessionEvent.StatusTerminated _ -> NONE;
            case SessionEvent _ -> this;
        };
    }

    private Turn note(@Nullable String id) {
        return new Turn(request, attempt, retryOf, requests, calls, queue, answered, id);
    }

    private Turn afterInput(SessionEvent.InputReceived received, long position) {
        if (received.queued()) {
            var longer = new ArrayList<>(queue);
            longer.add(new Queued(received.id(), position, received.input() instanceof Input.Message));
            return new Turn(request, attempt, retryOf, requests, calls, List.copyOf(longer), answered, note);
        }
        return switch (received.input()) {
            case Input.CustomToolResult result -> without(result.toolUseId());
            case Input.ToolResult result -> without(result.toolUseId());
            case Input.ToolConfirmation(var id, var allow, var _) ->
                allow ? allowed(id) : in(id, OpenCall.Phase.DENIED);
            case Input.Message _,Input.Interrupt _,Input.SystemMessage _ -> this;
        };
    }

    private static OpenCall callOf(AgentOutput.ToolUse use) {
        if (use.runner() == AgentOutput.ToolRunner.CLIENT) {
            return new OpenCall(use.runner(), false, OpenCall.Phase.WITH_CLIENT);
        }
        return use.permission() == AgentOutput.Permission.ASK
                ? new OpenCall(use.runner(), true, OpenCall.Phase.ASKING)
                : new OpenCall(use.runner(), false, OpenCall.Phase.DUE);
    }

    /** Allowed calls move to the end, so that they run in the order in which they were allowed. */
    private Turn allowed(String id) {
        var moved = new LinkedHashMap<>(calls);
        var call = moved.remove(id);
        if (call == null) {
            return this;
        }
        moved.put(id, call.in(OpenCall.Phase.ALLOWED));
        return calls(moved);
    }

    private Turn in(String id, OpenCall.Phase phase) {
        var call = calls.get(id);
        return call == null ? this : with(id, call.in(phase));
    }

    private Turn with(String id, OpenCall call) {
        var changed = new LinkedHashMap<>(calls);
        changed.put(id, call);
        return calls(changed);
    }

    private Turn without(String id) {
        var call = calls.get(id);
        if (call == null) {
            return this;
        }
        var fewer = new LinkedHashMap<>(calls);
        fewer.remove(id);
        var known = new ArrayList<>(answered);
        known.add(new Answered(id, call));
        var kept = known.size() > ANSWERED_MAX ? known.subList(known.size() - ANSWERED_MAX, known.size()) : known;
        return new Turn(request, attempt, retryOf, requests, fewer, queue, List.copyOf(kept));
    }

    private Turn calls(Map<String, OpenCall> changed) {
        return new Turn(request, attempt, retryOf, requests, changed, queue, answered);
    }
}
