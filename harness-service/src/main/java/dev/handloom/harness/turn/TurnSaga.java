package dev.handloom.harness.turn;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;

/**
 * Carries each wake-up event to {@link Effects} and each step to the {@link Ledger}, in one transaction with its own
 * state. It never waits for a model or a tool. Public only because Axon makes it.
 */
@Saga
@ProcessingGroup(TurnSaga.GROUP)
public class TurnSaga {
    static final String GROUP = "turns";
    private static final String SESSION = "sessionId";

    @JsonProperty
    private Effects effects = Effects.NONE;

    @StartSaga
    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ModelRequestStarted event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ModelRequestEnded event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ModelRetryScheduled event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolRequested event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolApproved event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolAnswered event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @EndSaga
    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.StatusTerminated event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    @EndSaga
    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.Deleted event, MetaData about, Ledger ledger) {
        advance(event, about, ledger);
    }

    /** What was copied from another session's log was done there, and sets nothing going here. */
    private void advance(SessionEvent event, MetaData about, Ledger ledger) {
        if (about.containsKey(SessionLog.COPIED_FROM)) {
            return;
        }
        var next = effects.after(event);
        effects = next.effects();
        next.finish().forEach(id -> ledger.close(event.sessionId(), id));
        next.start().forEach(step -> ledger.open(event.sessionId(), step));
    }
}
