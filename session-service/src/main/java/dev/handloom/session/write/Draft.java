package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionEvent.RetryStatus;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import dev.handloom.api.session.Viewed;
import dev.handloom.session.write.SessionState.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one command is about to add to the log, and the state as it will then be. The verbs every rule uses: run, ask the
 * model, answer a call, rest. What is to be done next stands in the log together with what caused it, so that no crash
 * can come between.
 */
final class Draft {
    /** More requests than this in one turn are a loop: it ends with {@code tool_use_limit_reached_error}. */
    static final int TURN_REQUESTS_MAX = 1000;

    private @Nullable SessionState state;
    private final EventIds ids;
    private final Instant at;
    private final List<SessionEvent> events = new ArrayList<>();

    /**
     * @param state as it is; null before the log begins
     * @param now   an earlier time than the last event's counts as that one
     */
    Draft(@Nullable SessionState state, EventIds ids, Instant now) {
        this.state = state;
        this.ids = ids;
        this.at = state == null || now.isAfter(state.lastAt()) ? now : state.lastAt();
    }

    SessionState state() {
        return Objects.requireNonNull(state);
    }

    Turn turn() {
        return state().turn();
    }

    Instant at() {
        return at;
    }

    SessionId session() {
        return state().id();
    }

    String newId() {
        return ids.next();
    }

    List<SessionEvent> events() {
        return events;
    }

    void add(SessionEvent event) {
        events.add(event);
        state = SessionState.fold(state, event);
    }

    void run() {
        add(new SessionEvent.StatusRunning(session(), newId(), at));
        add(new SessionEvent.ThreadRunning(session(), newId(), state().threadId(), state().agentName(), at));
    }

    void rest(StopReason reason) {
        add(new SessionEvent.ThreadIdle(session(), newId(), state().threadId(), state().agentName(), reason, at));
        restAgain(reason);
    }

    private void restAgain(StopReason reason) {
        add(new SessionEvent.UsageReported(session(), newId(), state().tokens(),
                state().activeAt(at).toMillis() / 1000.0, at));
        add(new SessionEvent.StatusIdle(session(), newId(), reason, at));
    }

    /** When only the client can go on: says which answers are owed (once more, if the session already rested). */
    void restIfClientOwesAnswers() {
        if (turn().waitsForClient()) {
            var owed = new StopReason.RequiresAction(turn().idsWaitingForClient());
            if (state().working()) {
                rest(owed);
            } else {
                restAgain(owed);
            }
        }
    }

    /** Asks the model again if the session runs and nothing is owed to it. */
    void proceed() {
        if (state().status() == Status.RUNNING && turn().settled()) {
            request(1);
        }
    }

    void request(int attempt) {
        if (turn().requests() >= TURN_REQUESTS_MAX) {
            giveUp("tool_use_limit_reached_error",
                    "the turn made " + TURN_REQUESTS_MAX + " model requests without coming to an end");
            return;
        }
        takeQueue(false);
        add(new SessionEvent.ModelRequestStarted(session(), newId(), attempt, at));
    }

    void endRequest(
            String requestId,
            boolean isError,
            Tokens tokens,
            @Nullable String speed,
            @Nullable Viewed viewed
    ) {
        add(new SessionEvent.ModelRequestEnded(session(), newId(), requestId, isError, tokens, speed, at, viewed));
    }

    /** The runner's own answer. */
    void answer(String toolUseId, ToolRunner runner, Json content, boolean isError) {
        add(new SessionEvent.ToolAnswered(session(), newId(), toolUseId, runner, content, isError, false, at));
    }

    /** An error in place of the runner's answer. */
    void answerInstead(String toolUseId, ToolRunner runner, Json content) {
        add(new SessionEvent.ToolAnswered(session(), newId(), toolUseId, runner, content, true, true, at));
    }

    void error(String error, String message, RetryStatus status) {
        add(new SessionEvent.Errored(session(), newId(), error, message, status, at));
    }

    /** The turn is dead and its queue with it; the session stays usable. */
    void giveUp(String error, String message) {
        error(error, message, RetryStatus.EXHAUSTED);
        dropQueue();
        rest(new StopReason.RetriesExhausted());
    }

    /** Cuts off the open request and answers every open call, so that what the model sees next is valid. */
    void closeWhatIsOpen() {
        closeWhatIsOpen(Answers.INTERRUPTED);
    }

    /** @param answer what the model reads in place of each result */
    void closeWhatIsOpen(Json answer) {
        if (turn().request() != null) {
            endRequest(turn().request(), true, Tokens.NONE, null, null);
        }
        for (var call : List.copyOf(turn().calls().entrySet())) {
            answerInstead(call.getKey(), call.getValue().runner(), answer);
        }
    }

    /** After a turn that ended before its queue was taken up: the next turn begins with it. */
    void startQueuedTurn() {
        if (!state().working() && turn().settled() && turn().messageWaits()) {
            run();
        }
        proceed();
    }

    /** What waits will never be taken up. */
    void dropQueue() {
        takeQueue(true);
    }

    private void takeQueue(boolean flushed) {
        for (var queued : turn().queue()) {
            add(new SessionEvent.InputTaken(session(), queued.id(), queued.receivedAt(), flushed, at));
        }
    }
}
