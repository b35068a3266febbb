package dev.handloom.api.turn;

import dev.handloom.api.session.SessionId;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of whoever carries out the turns. */
public sealed interface TurnCommand {
    /**
     * Try the session's unfinished steps now: those that wait because they failed, and those whose worker is gone. A step
     * that is being worked on is left alone, and a wait that the log prescribes is kept. Repeating it changes nothing.
     */
    record Wake(@TargetAggregateIdentifier SessionId sessionId) implements TurnCommand {}
}
