package dev.handloom.harness.turn;

import dev.handloom.api.turn.TurnCommand;
import org.axonframework.commandhandling.CommandHandler;
import org.springframework.stereotype.Component;

/** Wakes sessions on demand; the {@link Worker} finds what is due at its next look. */
@Component
class Alarm {
    private final Ledger ledger;

    Alarm(Ledger ledger) {
        this.ledger = ledger;
    }

    @CommandHandler
    void carryOut(TurnCommand.Wake command) {
        ledger.wake(command.sessionId());
    }
}
