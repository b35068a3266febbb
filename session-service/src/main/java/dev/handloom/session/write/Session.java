package dev.handloom.session.write;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.handloom.api.session.OfSession;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.Receipt;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import java.time.Clock;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.NullUnmarked;

/**
 * Guards one session's log: the rules {@code decide} what may be added, {@code evolve} remembers what was. Its snapshot
 * is its state, which does not grow with the log. A change to the shape of the state needs a new revision: older snapshots
 * are then passed over.
 */
@NullUnmarked // Axon fills the fields from the log before any decision is made.
@Revision("2")
@Aggregate(cache = "sessionCache", snapshotTriggerDefinition = "sessionSnapshots")
class Session implements OfSession {
    @AggregateIdentifier
    @JsonProperty
    private SessionId id;

    @JsonProperty
    private SessionState state;

    Session() {}

    @CommandHandler
    Session(SessionCommand.Create command, EventIds ids, Clock clock) {
        var draft = new Draft(null, ids, clock.instant());
        new ClientRules(draft).create(command);
        draft.events().forEach(event -> apply(event));
    }

    @CommandHandler
    List<Receipt> decide(SessionCommand.Send command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        var receipts = new ClientRules(draft).send(command);
        add(draft);
        return receipts;
    }

    @CommandHandler
    void decide(SessionCommand.Update command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new ClientRules(draft).update(command);
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.Archive command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new ClientRules(draft).archive();
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.Delete command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new ClientRules(draft).delete();
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.RecordModelAnswer command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new BrainRules(draft).modelAnswered(command);
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.RecordModelFailure command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new BrainRules(draft).modelFailed(command);
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.RetryModel command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new BrainRules(draft).retryModel(command.requestId());
        add(draft);
    }

    @CommandHandler
    boolean decide(SessionCommand.BeginNote command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        boolean go = new NoteRules(draft).begin(command);
        add(draft);
        return go;
    }

    @CommandHandler
    void decide(SessionCommand.RecordNote command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new NoteRules(draft).written(command);
        add(draft);
    }

    @CommandHandler
    void decide(SessionCommand.RecordNoteFailure command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new NoteRules(draft).failed(command);
        add(draft);
    }

    @CommandHandler
    ToolStart decide(SessionCommand.StartTool command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        var start = new BrainRules(draft).startTool(command.toolUseId());
        add(draft);
        return start;
    }

    @CommandHandler
    void decide(SessionCommand.RecordToolResult command, EventIds ids, Clock clock) {
        var draft = draft(ids, clock);
        new BrainRules(draft).toolAnswered(command);
        add(draft);
    }

    SessionState state() {
        return state;
    }

    private Draft draft(EventIds ids, Clock clock) {
        if (state.deleted()) {
            throw new Refused(new Refusal.NoSuchSession(id));
        }
        return new Draft(state, ids, clock.instant());
    }

    private void add(Draft draft) {
        draft.events().forEach(event -> apply(event));
    }

    @Override
    public SessionId sessionId() {
        return id;
    }

    /** The state of a deleted session is empty. */
    @Override
    public boolean outlivesErasure() {
        return state.deleted();
    }

    @EventSourcingHandler
    void evolve(SessionEvent event) {
        id = event.sessionId();
        state = SessionState.fold(state, event);
    }
}
