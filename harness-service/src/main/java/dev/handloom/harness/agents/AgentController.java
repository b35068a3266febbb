package dev.handloom.harness.agents;

import dev.handloom.harness.agents.AgentRefusal.Refused;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.PageCursor;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Agents: create, read, change, list, archive, and their versions (contract/README.md §2.1). */
@RestController
@RequestMapping("/v1/agents")
class AgentController {
    /** Two writers at once each compute their change again from the other's result; this often at most. */
    private static final int TRIES_MAX = 10;

    private final CommandGateway commands;
    private final Histories histories;
    private final AgentIndex index;
    private final Clock clock;

    AgentController(CommandGateway commands, Histories histories, AgentIndex index, Clock clock) {
        this.commands = commands;
        this.histories = histories;
        this.index = index;
        this.clock = clock;
    }

    @PostMapping
    ObjectNode create(Fields body, Once once) {
        var definition = DefinitionFields.create(body);
        for (int generation = 0;; generation++) {
            var id = once.id("agent_", "agent", generation);
            if (made(id, definition) || isRepetition(id, definition)) {
                return newest(id);
            }
        }
    }

    /** @return false when there is an agent of that name already: its key was used before */
    private boolean made(String id, Definition definition) {
        try {
            commands.sendAndWait(new AgentCommand.Create(id, definition));
            return true;
        } catch (AggregateStreamCreationException | ConcurrencyException _) {
            return false;
        }
    }

    /** @return false when the key was used so long ago that it counts as a new one */
    private boolean isRepetition(String id, Definition definition) {
        var history = find(id);
        if (history.createdAt().isBefore(clock.instant().minus(Once.KEPT))) {
            return false;
        }
        if (!history.versions().getFirst().definition().equals(definition)) {
            throw Once.used();
        }
        return true;
    }

    @GetMapping("/{id}")
    ObjectNode read(@PathVariable String id, Query query) {
        var history = find(id);
        var number = query.integer("version", 1, Integer.MAX_VALUE);
        if (number == null) {
            return history.view(history.newest());
        }
        return history.view(history.version(number)
                .orElseThrow(
                        () -> Problem.missing("agent " + id + " has no version " + number)));
    }

    private History find(String id) {
        return histories.find(id).orElseThrow(() -> missing(id));
    }

    private static Problem missing(String id) {
        return Problem.missing("agent " + id + " was not found");
    }

    private ObjectNode newest(String id) {
        var history = find(id);
        return history.view(history.newest());
    }

    @PostMapping("/{id}")
    ObjectNode update(@PathVariable String id, Fields body) {
        var wanted = body.optionalInteger("version", 1, Integer.MAX_VALUE);
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            var history = find(id);
            var newest = history.newest();
            if (history.archivedAt() != null) {
                throw archived(id);
            }
            if (wanted != null && wanted != newest.number()) {
                throw Problem.conflict("version: agent " + id + " is at version " + newest.number() + ", not " + wanted
                        + "; read it again and repeat the change");
            }
            var changed = DefinitionFields.change(newest.definition(), body);
            if (redefined(id, newest.number(), changed)) {
                return newest(id);
            }
        }
        throw Problem.of(Problem.Kind.COLLISION, "agent " + id + " is being changed by many writers; try again", null);
    }

    /** @return false when another writer was faster */
    private boolean redefined(String id, int basedOn, Definition definition) {
        try {
            commands.sendAndWait(new AgentCommand.Redefine(id, basedOn, definition));
            return true;
        } catch (Refused refused) {
            return switch (refused.refusal()) {
                case AgentRefusal.Archived _ -> throw archived(id);
                case AgentRefusal.Stale _ -> false;
            };
        }
    }

    private static Problem archived(String id) {
        return Problem.invalid("agent " + id + " is archived and cannot be changed");
    }

    @PostMapping("/{id}/archive")
    ObjectNode archive(@PathVariable String id) {
        find(id);
        commands.sendAndWait(new AgentCommand.Archive(id));
        return newest(id);
    }

    @GetMapping
    PageCursor<ObjectNode> list(Query query) {
        var created = query.times("created_at");
        var paging = Paging.newestFirst(query, "agents", Paging.Limits.USUAL).within(created);
        return paging.page(index.page(paging, created, query.bool("include_archived", false)), key -> key,
                key -> histories.find(key.id()).map(history -> history.view(history.newest())));
    }

    @GetMapping("/{id}/versions")
    PageCursor<ObjectNode> versions(@PathVariable String id, Query query) {
        var history = find(id);
        var paging = Paging.newestFirst(query, "agent_versions/" + id, Paging.Limits.USUAL);
        var cursor = paging.from();
        long next = cursor == null ? history.newest().number() : cursor.at().getEpochSecond() - 1;
        var found = LongStream.iterate(next, number -> number > 0, number -> number - 1)
                .limit(paging.fetch())
                .boxed()
                .flatMap(number -> history.version(number).stream())
                .toList();
        return paging.page(found, version -> new Paging.Key(Instant.ofEpochSecond(version.number()), id),
                version -> Optional.of(history.view(version)));
    }
}
