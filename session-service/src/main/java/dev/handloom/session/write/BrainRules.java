package dev.handloom.session.write;

import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionEvent.RetryStatus;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import dev.handloom.session.write.SessionState.Status;
import java.time.Duration;

/** What the brain's and the hands' reports add to the log. Each is recorded once: a repeated or late one adds nothing. */
final class BrainRules {
    /** Waits from this length on are shown as {@code rescheduling} (contract/open-questions.md B6). */
    private static final Duration RESCHEDULED_FROM = Duration.ofSeconds(5);

    private final Draft draft;

    BrainRules(Draft draft) {
        this.draft = draft;
    }

    void modelAnswered(SessionCommand.RecordModelAnswer answer) {
        if (!answer.requestId().equals(draft.turn().request())) {
            countLateTokens(answer.requestId(), answer.tokens());
            return;
        }
        for (var output : answer.outputs()) {
            draft.add(output instanceof AgentOutput.ToolUse use
                    ? new SessionEvent.ToolRequested(draft.session(), use, draft.at())
                    : new SessionEvent.AgentSpoke(draft.session(), output, draft.at()));
        }
        draft.endRequest(answer.requestId(), false, answer.tokens(), answer.speed(), answer.viewed());
        boolean usedTools = false;
        for (var output : answer.outputs()) {
            if (output instanceof AgentOutput.ToolUse use) {
                usedTools = true;
                if (use.permission() == Permission.DENY) {
                    draft.answerInstead(use.id(), use.runner(), Answers.refused(use));
                }
            }
        }
        if (answer.stop().kind() == ModelStop.Kind.REFUSAL) {
            draft.closeWhatIsOpen();
            draft.rest(new StopReason.Refused(answer.stop().details()));
            draft.startQueuedTurn();
        } else if (!usedTools && answer.stop().kind() != ModelStop.Kind.PAUSE && !draft.turn().messageWaits()) {
            draft.rest(new StopReason.EndTurn());
        } else {
            draft.proceed();
            draft.restIfClientOwesAnswers();
        }
    }

    private void countLateTokens(String requestId, Tokens tokens) {
        if (!tokens.equals(Tokens.NONE)) {
            draft.add(new SessionEvent.TokensSpent(draft.session(), requestId, tokens, draft.at()));
        }
    }

    void modelFailed(SessionCommand.RecordModelFailure failure) {
        if (!failure.requestId().equals(draft.turn().request())) {
            countLateTokens(failure.requestId(), failure.tokens());
            return;
        }
        draft.endRequest(failure.requestId(), true, failure.tokens(), null, failure.viewed());
        switch (failure.verdict()) {
            case Verdict.Retry(var after) -> retryAfter(after, failure);
            case Verdict.GiveUp() -> draft.giveUp(failure.error(), failure.message());
            case Verdict.Terminate() -> {
                var state = draft.state();
                draft.error(failure.error(), failure.message(), RetryStatus.TERMINAL);
                draft.dropQueue();
                draft.add(new SessionEvent.ThreadTerminated(
                        state.id(), draft.newId(), state.threadId(), state.agentName(), draft.at()));
                draft.add(new SessionEvent.StatusTerminated(state.id(), draft.newId(), draft.at()));
            }
        }
    }

    private void retryAfter(Duration wait, SessionCommand.RecordModelFailure failure) {
        var state = draft.state();
        draft.error(failure.error(), failure.message(), RetryStatus.RETRYING);
        if (wait.compareTo(RESCHEDULED_FROM) >= 0) {
            draft.add(new SessionEvent.ThreadRescheduled(
                    state.id(), draft.newId(), state.threadId(), state.agentName(), draft.at()));
            draft.add(new SessionEvent.StatusRescheduled(state.id(), draft.newId(), draft.at()));
        }
        draft.add(new SessionEvent.ModelRetryScheduled(
                state.id(), failure.requestId(), draft.turn().attempt() + 1, draft.at().plus(wait), draft.at()));
    }

    void retryModel(String requestId) {
        if (!requestId.equals(draft.turn().retryOf())) {
            return;
        }
        if (draft.state().status() == Status.RESCHEDULING) {
            draft.run();
        }
        draft.request(draft.turn().attempt());
    }

    ToolStart startTool(String toolUseId) {
        var call = draft.turn().calls().get(toolUseId);
        if (call == null) {
            return ToolStart.DONE;
        }
        return switch (call.phase()) {
            case DUE -> {
                draft.add(new SessionEvent.ToolStarted(draft.session(), toolUseId, draft.at()));
                yield ToolStart.GO;
            }
            case STARTED -> ToolStart.STARTED_BEFORE;
            case ASKING -> ToolStart.DONE;
            case ALLOWED -> ToolStart.DONE;
            case DENIED -> ToolStart.DONE;
            case WITH_CLIENT -> ToolStart.DONE;
        };
    }

    void toolAnswered(SessionCommand.RecordToolResult result) {
        var call = draft.turn().calls().get(result.toolUseId());
        if (call == null || !call.withHands()) {
            return;
        }
        draft.answer(result.toolUseId(), call.runner(), result.content(), result.isError());
        draft.proceed();
        draft.restIfClientOwesAnswers();
    }
}
