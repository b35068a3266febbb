package dev.handloom.harness.agents;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import dev.handloom.harness.agents.AgentRefusal.Refused;
import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.NullUnmarked;

/** Guards the order of one agent's versions. */
@NullUnmarked // Axon fills the fields from the log before any decision is made.
@Aggregate
class Agent {
    @AggregateIdentifier
    private String id;

    private int version;
    private Definition definition;
    private boolean archived;

    Agent() {}

    @CommandHandler
    Agent(AgentCommand.Create command, Clock clock) {
        apply(new AgentEvent.Defined(command.agentId(), 1, command.definition(), clock.instant()));
    }

    @CommandHandler
    void decide(AgentCommand.Redefine command, Clock clock) {
        if (archived) {
            throw new Refused(new AgentRefusal.Archived());
        }
        if (command.basedOn() != version) {
            throw new Refused(new AgentRefusal.Stale(version));
        }
        if (!command.definition().equals(definition)) {
            apply(new AgentEvent.Defined(id, version + 1, command.definition(), clock.instant()));
        }
    }

    @CommandHandler
    void decide(AgentCommand.Archive command, Clock clock) {
        if (!archived) {
            apply(new AgentEvent.Archived(command.agentId(), clock.instant()));
        }
    }

    @EventSourcingHandler
    void evolve(AgentEvent event) {
        id = event.agentId();
        switch (event) {
            case AgentEvent.Defined defined -> {
                version = defined.version();
                definition = defined.definition();
            }
            case AgentEvent.Archived _ -> archived = true;
        }
    }
}
