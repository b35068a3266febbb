package dev.handloom.harness.agents;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that was ever true of one agent.
 *
 * @param versions the first one first, never empty
 */
record History(String id, List<Version> versions, @Nullable Instant archivedAt) {
    record Version(int number, Definition definition, Instant at) {}

    static Optional<History> of(List<AgentEvent> events) {
        var versions = new ArrayList<Version>();
        Instant archivedAt = null;
        for (var event : events) {
            switch (event) {
                case AgentEvent.Defined(var _, var number, var definition, var at) ->
                    versions.add(new Version(number, definition, at));
                case AgentEvent.Archived(var _, var at) -> archivedAt = at;
            }
        }
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(new History(events.getFirst().agentId(), List.copyOf(versions), archivedAt));
    }

    Version newest() {
        return versions.getLast();
    }

    Optional<Version> version(long number) {
        return number >= 1 && number <= versions.size()
                ? Optional.of(versions.get((int) number - 1))
                : Optional.empty();
    }

    Instant createdAt() {
        return versions.getFirst().at();
    }

    /** An Agent of the contract (resources.md §1). */
    ObjectNode view(Version version) {
        var agent = JsonMapper.shared().createObjectNode();
        agent.put("id", id).put("type", "agent").put("version", version.number());
        version.definition().write(agent);
        var metadata = agent.putObject("metadata");
        version.definition().metadata().forEach(metadata::put);
        agent.put("created_at", createdAt().toString());
        agent.put("updated_at", version.at().toString());
        agent.put("archived_at", archivedAt == null ? null : archivedAt.toString());
        return agent;
    }

    /** A SessionAgent (resources.md §3): what a session keeps of a version. */
    ObjectNode sessionCopy(Version version, Definition definition) {
        var agent = JsonMapper.shared().createObjectNode();
        agent.put("type", "agent").put("id", id).put("version", version.number());
        definition.write(agent);
        return agent;
    }
}
