package dev.handloom.sandbox.environments;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An environment as its events left it.
 *
 * @param sequence of the newest of them, from 0
 */
record History(
        String id,
        Definition definition,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant archivedAt,
        long sequence
) {
    /** Empty when there are no events or the last says that it was deleted. */
    static Optional<History> of(List<EnvironmentEvent> events) {
        History history = null;
        for (var event : events) {
            history = switch (event) {
                case EnvironmentEvent.Defined(var id, var definition, var at) -> history == null
                        ? new History(id, definition, at, at, null, 0)
                        : new History(id, definition, history.createdAt, at, history.archivedAt, history.sequence + 1);
                case EnvironmentEvent.Archived(var _, var at) -> history == null
                        ? null
                        : new History(history.id, history.definition, history.createdAt, at, at, history.sequence + 1);
                case EnvironmentEvent.Deleted _ -> null;
            };
        }
        return Optional.ofNullable(history);
    }

    String type() {
        return JsonMapper.shared().readTree(definition.config().text()).path("type").asString();
    }

    /** An Environment of the contract (resources.md §2). */
    ObjectNode view() {
        var json = JsonMapper.shared();
        var environment = json.createObjectNode();
        environment.put("id", id)
                .put("type", "environment")
                .put("name", definition.name())
                .put("description", definition.description());
        environment.set("config", json.readTree(definition.config().text()));
        var metadata = environment.putObject("metadata");
        definition.metadata().forEach(metadata::put);
        environment.put("scope", "organization")
                .put("created_at", createdAt.toString())
                .put("updated_at", updatedAt.toString())
                .put("archived_at", archivedAt == null ? null : archivedAt.toString());
        return environment;
    }
}
