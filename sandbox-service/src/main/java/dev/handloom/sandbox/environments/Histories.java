package dev.handloom.sandbox.environments;

import dev.handloom.api.sandbox.EnvironmentQuery;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.Message;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;

/** Reads an environment as the log has it at this moment. */
@Component
class Histories {
    private final EventStore log;

    Histories(EventStore log) {
        this.log = log;
    }

    Optional<History> find(String environmentId) {
        return History.of(log.readEvents(environmentId)
                .asStream()
                .map(Message::getPayload)
                .filter(EnvironmentEvent.class::isInstance)
                .map(EnvironmentEvent.class::cast)
                .toList());
    }

    /** What it was when it was created. Deleted or not, there was one of that id. */
    EnvironmentEvent.Defined first(String environmentId) {
        return (EnvironmentEvent.Defined) log.readEvents(environmentId).next().getPayload();
    }

    @QueryHandler
    EnvironmentQuery.Found answer(EnvironmentQuery.Find query) {
        return find(query.environmentId())
                .map(found -> new EnvironmentQuery.Found(found.type(), found.archivedAt() != null))
                .orElse(new EnvironmentQuery.Found(null, false));
    }
}
