package dev.handloom.sandbox.environments;

import dev.handloom.api.session.SessionQuery;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.PageCursor;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Environments: create, read, change, list, archive, delete (contract/README.md §2.2). */
@RestController
@RequestMapping("/v1/environments")
class EnvironmentController {
    /** Two writers at once each compute their change again from the other's result; this often at most. */
    private static final int TRIES_MAX = 10;

    private final CommandGateway commands;
    private final QueryGateway queries;
    private final Histories histories;
    private final EnvironmentIndex index;
    private final Clock clock;

    EnvironmentController(
            CommandGateway commands,
            QueryGateway queries,
            Histories histories,
            EnvironmentIndex index,
            Clock clock
    ) {
        this.commands = commands;
        this.queries = queries;
        this.histories = histories;
        this.index = index;
        this.clock = clock;
    }

    @PostMapping
    ObjectNode create(Fields body, Once once) {
        var definition = DefinitionFields.create(body);
        for (int generation = 0;; generation++) {
            var id = once.id("env_", "environment", generation);
            if (made(id, definition) || isRepetition(id, definition)) {
                return read(id);
            }
        }
    }

    /** @return false when there is, or was, an environment of that name: its key was used before */
    private boolean made(String id, Definition definition) {
        try {
            commands.sendAndWait(new EnvironmentCommand.Create(id, definition));
            return true;
        } catch (AggregateStreamCreationException | ConcurrencyException _) {
            return false;
        }
    }

    /** @return false when the key was used so long ago that it counts as a new one */
    private boolean isRepetition(String id, Definition definition) {
        var first = histories.first(id);
        if (first.at().isBefore(clock.instant().minus(Once.KEPT))) {
            return false;
        }
        if (!first.definition().equals(definition)) {
            throw Once.used();
        }
        return true;
    }

    @GetMapping("/{id}")
    ObjectNode read(@PathVariable String id) {
        return find(id).view();
    }

    private History find(String id) {
        return histories.find(id).orElseThrow(() -> missing(id));
    }

    private static Problem missing(String id) {
        return Problem.of(Problem.Kind.MISSING, "environment " + id + " was not found", "environment_not_found");
    }

    @PostMapping("/{id}")
    ObjectNode update(@PathVariable String id, Fields body) {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            var stored = find(id);
            if (stored.archivedAt() != null) {
                throw archived(id);
            }
            var changed = DefinitionFields.change(stored.definition(), body);
            if (sent(new EnvironmentCommand.Redefine(id, stored.sequence(), changed))) {
                return read(id);
            }
        }
        throw Problem.of(Problem.Kind.COLLISION, "environment " + id + " is being changed by many writers; try again",
                null);
    }

    /** @return false when another writer was faster */
    private boolean sent(EnvironmentCommand command) {
        try {
            commands.sendAndWait(command);
            return true;
        } catch (Refused refused) {
            return switch (refused.why()) {
                case ARCHIVED -> throw archived(command.environmentId());
                case DELETED -> throw missing(command.environmentId());
                case STALE -> false;
            };
        }
    }

    private static Problem archived(String id) {
        return Problem.of(Problem.Kind.INVALID, "environment " + id + " is archived and cannot be changed",
                "environment_archived");
    }

    @PostMapping("/{id}/archive")
    ObjectNode archive(@PathVariable String id) {
        find(id);
        sent(new EnvironmentCommand.Archive(id));
        return read(id);
    }

    record Deleted(String id, String type) {}

    @DeleteMapping("/{id}")
    Deleted delete(@PathVariable String id) {
        find(id);
        if (queries.query(new SessionQuery.UsesEnvironment(id), Boolean.class).join()) {
            throw Problem.conflict("environment " + id + " is used by sessions; delete them first, or archive it");
        }
        sent(new EnvironmentCommand.Delete(id));
        return new Deleted(id, "environment_deleted");
    }

    @GetMapping
    PageCursor<ObjectNode> list(Query query) {
        var paging = Paging.newestFirst(query, "environments", Paging.Limits.USUAL);
        return paging.page(index.page(paging, query.bool("include_archived", false)), key -> key,
                key -> histories.find(key.id()).map(History::view));
    }
}
