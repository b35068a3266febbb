package dev.handloom.harness.agents;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.stereotype.Component;

/** Reads an agent as the log has it at this moment. */
@Component
class Histories {
    private static final int CACHED_MAX = 10_000;

    private record Known(long lastSequence, History history) {}

    private final EventStore log;
    private final Cache<String, Known> known = Caffeine.newBuilder().maximumSize(CACHED_MAX).build();

    Histories(EventStore log) {
        this.log = log;
    }

    Optional<History> find(String agentId) {
        var last = log.lastSequenceNumberFor(agentId);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        var cached = known.getIfPresent(agentId);
        if (cached != null && cached.lastSequence() == last.get()) {
            return Optional.of(cached.history());
        }
        var history = History.of(read(agentId));
        history.ifPresent(read -> known.put(agentId, new Known(last.get(), read)));
        return history;
    }

    private List<AgentEvent> read(String agentId) {
        return log.readEvents(agentId)
                .asStream()
                .map(message -> message.getPayload())
                .filter(AgentEvent.class::isInstance)
                .map(AgentEvent.class::cast)
                .toList();
    }
}
