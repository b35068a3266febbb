package dev.handloom.harness.agents;

import org.axonframework.commandhandling.CommandExecutionException;

/** Why an agent does not do what a command asks. */
sealed interface AgentRefusal {
    record Archived() implements AgentRefusal {}

    record Stale(int newest) implements AgentRefusal {}

    /** Carries a refusal through the command bus. */
    final class Refused extends CommandExecutionException {
        Refused(AgentRefusal refusal) {
            super(refusal.toString(), null, refusal);
        }

        AgentRefusal refusal() {
            return this.<AgentRefusal>getDetails().orElseThrow();
        }
    }
}
