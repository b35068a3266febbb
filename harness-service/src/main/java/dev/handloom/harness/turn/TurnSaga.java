package dev.handloom.harness.turn;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.handloom.api.session.SessionEvent;
import org.axonframework.config.ProcessingGroup;
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
    void on(SessionEvent.ModelRequestStarted event, Ledger ledger) {
        advance(event, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ModelRequestEnded event, Ledger ledger) {
        advance(event, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ModelRetryScheduled event, Ledger ledger) {
        advance(event, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolRequested event, Ledger ledger) {
        advance(event, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolApproved event, Ledger ledger) {
        advance(event, ledger);
    }

    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.ToolAnswered event, Ledger ledger) {
        advance(event, ledger);
    }

    @EndSaga
    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.StatusTerminated event, Ledger ledger) {
        advance(event, ledger);
    }

    @EndSaga
    @SagaEventHandler(associationProperty = SESSION)
    void on(SessionEvent.Deleted event, Ledger ledger) {
        advance(event, ledger);
    }

    private void advance(SessionEvent event, Ledger ledger) {
        var next = effects.after(event);
        effects = next.effects();
        next.finish().forEach(ledger::close);
        next.start().forEach(step -> ledger.open(event.sessionId(), step));
    }
}
