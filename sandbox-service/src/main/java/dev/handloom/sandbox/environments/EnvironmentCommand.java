package dev.handloom.sandbox.environments;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of an environment. */
sealed interface EnvironmentCommand {
    String environmentId();

    record Create(@TargetAggregateIdentifier String environmentId, Definition definition)
            implements
            EnvironmentCommand {}

    /** @param basedOn the sequence number of the newest event the definition was computed from; refused when stale */
    record Redefine(@TargetAggregateIdentifier String environmentId, long basedOn, Definition definition)
            implements
            EnvironmentCommand {}

    /** Repeating it does nothing. */
    record Archive(@TargetAggregateIdentifier String environmentId) implements EnvironmentCommand {}

    record Delete(@TargetAggregateIdentifier String environmentId) implements EnvironmentCommand {}
}
