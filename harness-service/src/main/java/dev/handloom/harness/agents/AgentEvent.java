package dev.handloom.harness.agents;

import java.time.Instant;
import org.axonframework.serialization.Revision;

/** What happened to an agent. */
sealed interface AgentEvent {
    String agentId();

    Instant at();

    /** @param version 1 for a new agent, then one more each time */
    @Revision("1")
    record Defined(String agentId, int version, Definition definition, Instant at) implements AgentEvent {}

    @Revision("1")
    record Archived(String agentId, Instant at) implements AgentEvent {}
}
