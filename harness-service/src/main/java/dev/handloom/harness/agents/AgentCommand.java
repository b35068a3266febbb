package dev.handloom.harness.agents;

import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What may be asked of an agent. Definitions arrive validated; the agent guards only their order. */
sealed interface AgentCommand {
    String agentId();

    record Create(@TargetAggregateIdentifier String agentId, Definition definition) implements AgentCommand {}

    /**
     * Make this the newest version. Refused with {@link AgentRefusal.Stale} unless {@code basedOn} is the newest one, so
     * that no change is computed from a definition that has been replaced meanwhile.
     */
    record Redefine(@TargetAggregateIdentifier String agentId, int basedOn, Definition definition)
            implements
            AgentCommand {}

    /** Repeating it does nothing. */
    record Archive(@TargetAggregateIdentifier String agentId) implements AgentCommand {}
}
