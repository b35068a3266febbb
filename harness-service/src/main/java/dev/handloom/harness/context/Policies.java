package dev.handloom.harness.context;

import dev.handloom.harness.context.strategy.Policy;

/** Knows how an agent wants its context kept. A version of an agent never changes, so neither does the answer. */
@FunctionalInterface
public interface Policies {
    /** The policy of that version of the agent; {@link Policy#USUAL} where it names none, or is not known. */
    Policy of(AgentSpec agent);
}
