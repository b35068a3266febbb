package dev.handloom.session.write;

import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.Receipt;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import dev.handloom.session.write.SessionState.Status;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a client's command adds to the log (contract/events.md §2, §5, §7). Pure: state, command, time and ids decide.
 * Either the whole command is taken, or it is refused and adds nothing.
 */
final class ClientRules {
    static final int QUEUE_MAX = 100;
    static final int METADATA_PAIRS_MAX = 16;

    private final Draft draft;
    private boolean clientAnswered;

    ClientRules(Draft draft) {
        this.draft = draft;
    }

    void create(SessionCommand.Create command) {
        draft.add(new SessionEvent.Created(command.sessionId(), command.threadId(), command.agentName(),
                command.agent(), command.environmentId(), command.title(), command.metadata(), draft.at()));
        record(command.request(), List.of());
        if (!command.initialInputs().isEmpty()) {
            send(command.initialInputs());
        }
    }

    private void record(SessionCommand.@Nullable Request request, List<Receipt> receipts) {
        if (request != null) {
            draft.add(new SessionEvent.RequestRecorded(
                    draft.session(), request.key(), request.body(), receipts, draft.at()));
        }
    }

    /** A repetition adds nothing, whatever has become of the session meanwhile. */
    List<Receipt> send(SessionCommand.Send command) {
        var request = command.request();
        var earlier = request == null ? null : draft.state().request(request.key(), draft.at());
        if (request != null && earlier != null) {
            if (!earlier.body().equals(request.body())) {
                throw new Refused(new Refusal.KeyUsed(draft.session()));
            }
            return earlier.receipts();
        }
        var receipts = send(command.inputs());
        record(request, receipts);
        return receipts;
    }

    List<Receipt> send(List<Input.Named> inputs) {
        if (draft.state().status() == Status.TERMINATED) {
            throw new Refused(new Refusal.SessionTerminated(draft.session()));
        }
        var receipts = inputs.stream().map(this::take).toList();
        draft.startQueuedTurn();
        if (clientAnswered) {
            draft.restIfClientOwesAnswers();
        }
        return receipts;
    }

    private Receipt take(Input.Named named) {
        return switch (named.input()) {
            case Input.Message message -> takeMessage(named.id(), message);
            case Input.SystemMessage system -> takeSystemMessage(named.id(), system);
            case Input.Interrupt interrupt -> takeInterrupt(named.id(), interrupt);
            case Input.ToolConfirmation confirmation -> takeConfirmation(named.id(), confirmation);
            case Input.CustomToolResult result -> takeResult(named.id(), result);
            case Input.ToolResult result -> throw new Refused(new Refusal.WrongAnswerKind(
                    draft.session(), result.toolUseId(), "user.custom_tool_result, in this environment"));
        };
    }

    private Receipt takeMessage(String id, Input.Message message) {
        if (!draft.state().working()) {
            refuseIfClientOwesAnswers();
            if (!draft.turn().messageWaits()) {
                draft.run();
            }
        }
        return receive(id, message, mustWait());
    }

    /** The turn has something to do first, or others came before. */
    private boolean mustWait() {
        return !draft.state().working() || !draft.turn().settled() || draft.turn().messageWaits();
    }

    /** Waits for the next turn, unless it follows the input that starts one or completes one's answers. */
    private Receipt takeSystemMessage(String id, Input.SystemMessage system) {
        if (!clientAnswered) {
            refuseIfClientOwesAnswers();
        }
        return receive(id, system, mustWait());
    }

    private void refuseIfClientOwesAnswers() {
        if (draft.turn().waitsForClient()) {
            throw new Refused(new Refusal.ActionRequired(draft.session(), draft.turn().idsWaitingForClient()));
        }
    }

    private Receipt receive(String id, Input input, boolean queued) {
        if (queued && draft.turn().queue().size() >= QUEUE_MAX) {
            throw new Refused(new Refusal.QueueFull(draft.session(), QUEUE_MAX));
        }
        draft.add(new SessionEvent.InputReceived(draft.session(), id, input, queued, draft.at()));
        return new Receipt(id, queued ? null : draft.at());
    }

    /**
     * Applied at once: whatever still runs is cut off by its owner when it sees these events. What waits in the queue is
     * taken up by the next turn, together with what follows in the same request.
     */
    private Receipt takeInterrupt(String id, Input.Interrupt interrupt) {
        if (interrupt.threadId() != null && !interrupt.threadId().equals(draft.state().threadId())) {
            throw new Refused(new Refusal.UnknownThread(draft.session(), interrupt.threadId()));
        }
        boolean cutsOff = draft.state().working() || draft.turn().waitsForClient();
        if (cutsOff) {
            draft.closeWhatIsOpen();
        }
        var receipt = receive(id, interrupt, false);
        if (cutsOff) {
            draft.rest(new StopReason.EndTurn());
        }
        return receipt;
    }

    private Receipt takeConfirmation(String id, Input.ToolConfirmation confirmation) {
        var toolUseId = confirmation.toolUseId();
        var call = known(toolUseId);
        if (call.runner() == ToolRunner.CLIENT) {
            throw new Refused(new Refusal.NotWaitingForConfirmation(draft.session(), toolUseId));
        }
        if (!call.asked()) {
            throw new Refused(
                    new Refusal.WrongAnswerKind(draft.session(), toolUseId, "none, it needs no confirmation"));
        }
        if (!isOpen(toolUseId) || call.phase() != OpenCall.Phase.ASKING) {
            return withoutEffect(id);
        }
        var receipt = receive(id, confirmation, false);
        goOnAfterAnswer();
        if (!confirmation.allow()) {
            draft.answerInstead(toolUseId, call.runner(), Answers.denied(confirmation.denyMessage()));
        }
        return receipt;
    }

    private Receipt takeResult(String id, Input.CustomToolResult result) {
        var call = known(result.toolUseId());
        if (call.runner() != ToolRunner.CLIENT) {
            throw new Refused(new Refusal.WrongAnswerKind(draft.session(), result.toolUseId(),
                    call.asked() ? "user.tool_confirmation" : "none, it runs on the server"));
        }
        if (!isOpen(result.toolUseId())) {
            return withoutEffect(id);
        }
        var receipt = receive(id, result, false);
        goOnAfterAnswer();
        return receipt;
    }

    /** An answer to no call is an error. */
    private OpenCall known(String toolUseId) {
        return draft.turn()
                .known(toolUseId)
                .orElseThrow(() -> new Refused(
                        new Refusal.UnknownToolUse(draft.session(), toolUseId)));
    }

    private boolean isOpen(String toolUseId) {
        return draft.turn().calls().containsKey(toolUseId);
    }

    /** A second answer to the same call is taken and changes nothing. */
    private Receipt withoutEffect(String id) {
        return new Receipt(id, draft.at());
    }

    /** The session runs again unless the client still owes something; what was allowed may now go. */
    private void goOnAfterAnswer() {
        clientAnswered = true;
        if (!draft.state().working()) {
            if (draft.turn().waitsForClient()) {
                return;
            }
            draft.run();
        }
        for (var call : List.copyOf(draft.turn().calls().entrySet())) {
            if (call.getValue().phase() == OpenCall.Phase.ALLOWED) {
                draft.add(new SessionEvent.ToolApproved(draft.session(), call.getKey(), draft.at()));
            }
        }
    }

    void update(SessionCommand.Update command) {
        var state = draft.state();
        if (state.status() == Status.TERMINATED) {
            throw new Refused(new Refusal.SessionTerminated(state.id()));
        }
        if (command.agent() != null && state.working()) {
            throw new Refused(new Refusal.SessionRunning(state.id(), "change its agent"));
        }
        var metadata = new TreeMap<>(state.metadata());
        if (command.metadataPatch() != null) {
            command.metadataPatch().forEach((key, value) -> {
                if (value == null) {
                    metadata.remove(key);
                } else {
                    metadata.put(key, value);
                }
            });
        }
        if (metadata.size() > METADATA_PAIRS_MAX) {
            throw new Refused(new Refusal.MetadataTooLarge(state.id(), METADATA_PAIRS_MAX));
        }
        boolean newTitle = command.setTitle() && !Objects.equals(command.title(), state.title());
        boolean newMetadata = !metadata.equals(state.metadata());
        boolean newAgent = command.agent() != null && !command.agent().equals(state.agent());
        if (newTitle || newMetadata || newAgent) {
            draft.add(new SessionEvent.Updated(state.id(), draft.newId(), newTitle, newTitle ? command.title() : null,
                    newMetadata ? metadata : null, newAgent ? command.agent() : null, draft.at()));
        }
    }

    void archive() {
        refuseIfWorking("be archived");
        if (draft.state().archivedAt() == null) {
            draft.add(new SessionEvent.Archived(draft.session(), draft.at()));
        }
        if (draft.state().status() != Status.TERMINATED) {
            draft.dropQueue();
            draft.add(new SessionEvent.StatusTerminated(draft.session(), draft.newId(), draft.at()));
        }
    }

    void delete() {
        refuseIfWorking("be deleted");
        draft.add(new SessionEvent.Deleted(draft.session(), draft.newId(), draft.at()));
    }

    private void refuseIfWorking(String action) {
        if (draft.state().working()) {
            throw new Refused(new Refusal.SessionRunning(draft.session(), action));
        }
    }
}
