package dev.handloom.sandbox.environments;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;
import static org.axonframework.modelling.command.AggregateLifecycle.getVersion;

import java.time.Clock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.NullUnmarked;

/** Guards one environment's log. */
@NullUnmarked // Axon fills the fields from the log before any decision is made.
@Aggregate
class Environment {
    @AggregateIdentifier
    private String id;

    private Definition definition;
    private boolean archived;
    private boolean deleted;

    Environment() {}

    @CommandHandler
    Environment(EnvironmentCommand.Create command, Clock clock) {
        apply(new EnvironmentEvent.Defined(command.environmentId(), command.definition(), clock.instant()));
    }

    @CommandHandler
    void decide(EnvironmentCommand.Redefine command, Clock clock) {
        requireThere();
        if (archived) {
            throw new Refused(Refused.Why.ARCHIVED);
        }
        if (command.basedOn() != getVersion()) {
            throw new Refused(Refused.Why.STALE);
        }
        if (!command.definition().equals(definition)) {
            apply(new EnvironmentEvent.Defined(id, command.definition(), clock.instant()));
        }
    }

    @CommandHandler
    void decide(EnvironmentCommand.Archive command, Clock clock) {
        requireThere();
        if (!archived) {
            apply(new EnvironmentEvent.Archived(command.environmentId(), clock.instant()));
        }
    }

    @CommandHandler
    void decide(EnvironmentCommand.Delete command, Clock clock) {
        requireThere();
        apply(new EnvironmentEvent.Deleted(command.environmentId(), clock.instant()));
    }

    private void requireThere() {
        if (deleted) {
            throw new Refused(Refused.Why.DELETED);
        }
    }

    @EventSourcingHandler
    void evolve(EnvironmentEvent event) {
        id = event.environmentId();
        switch (event) {
            case EnvironmentEvent.Defined defined -> definition = defined.definition();
            case EnvironmentEvent.Archived _ -> archived = true;
            case EnvironmentEvent.Deleted _ -> deleted = true;
        }
    }
}
