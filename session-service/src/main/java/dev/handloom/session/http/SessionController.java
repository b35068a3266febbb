package dev.handloom.session.http;

import dev.handloom.api.Json;
import dev.handloom.api.agent.AgentQuery;
import dev.handloom.api.sandbox.EnvironmentQuery;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.Ids;
import dev.handloom.kit.http.BidirectionalPageCursor;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.session.read.SessionIndex;
import dev.handloom.session.read.SessionView;
import dev.handloom.session.read.States;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.queryhandling.QueryGateway;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sessions: create, read, change, list, archive, delete (contract/README.md §2.4). */
@RestController
@RequestMapping("/v1/sessions")
class SessionController {
    private static final int TITLE_CHARS_MAX = 2048;
    private static final String KIND = "session";
    /** Behind {@code created}. */
    private static final int RECORDED_AT = 2;
    private static final int ID_CHARS_MAX = 128;
    private static final Set<String> STATUSES = Set.of("idle", "running", "rescheduling", "terminated");

    private final Desk desk;
    private final QueryGateway queries;
    private final States states;
    private final SessionView view;
    private final SessionIndex index;
    private final SessionLog log;
    private final Creations creations;

    SessionController(
            Desk desk,
            QueryGateway queries,
            States states,
            SessionView view,
            SessionIndex index,
            SessionLog log,
            Creations creations
    ) {
        this.desk = desk;
        this.queries = queries;
        this.states = states;
        this.view = view;
        this.index = index;
        this.log = log;
        this.creations = creations;
    }

    @PostMapping
    ObjectNode create(Fields body, Once once) {
        var place = creations.find(once, KIND, body, RECORDED_AT);
        if (!place.isNew()) {
            return read(place.id().value());
        }
        body.know("agent", "environment_id", "initial_events", "resources", "vault_ids", "budget", "title", "metadata");
        var environmentId = body.requireString("environment_id", 1, ID_CHARS_MAX);
        var title = body.optionalString("title", TITLE_CHARS_MAX);
        var metadata = body.metadata("metadata");
        var inputs = Inputs.initial(body);
        refuseWhatIsNotBuilt(body);
        var agentField = body.value("agent");
        if (agentField == null) {
            throw body.invalid("agent", "is required");
        }
        var agent = resolved(ask(new AgentQuery.Resolve(new Json(agentField.toString())), AgentQuery.Resolved.class));
        requireUsable(environmentId, ask(new EnvironmentQuery.Find(environmentId), EnvironmentQuery.Found.class));
        var id = place.id();
        var name = JsonMapper.shared().readTree(agent.text()).path("name").asString("");
        try {
            desk.send(new SessionCommand.Create(id, Ids.next("sthr_"), name, agent, environmentId, title, metadata,
                    inputs, place.request()));
        } catch (AggregateStreamCreationException | ConcurrencyException taken) {
            if (creations.find(once, KIND, body, RECORDED_AT).isNew()) {
                throw taken;
            }
        }
        return read(id.value());
    }

    private static void refuseWhatIsNotBuilt(Fields body) {
        if (!body.objects("resources", 500).isEmpty()) {
            throw Problem.notBuilt("session resources; they arrive with the hands");
        }
        if (!body.strings("vault_ids", 50, ID_CHARS_MAX).isEmpty()) {
            throw Problem.notBuilt("vaults; they arrive with the vault proxy");
        }
        if (body.hasValue("budget")) {
            throw Problem.notBuilt("session budgets; they arrive with the harness");
        }
    }

    private <R> R ask(Object query, Class<R> answer) {
        return queries.query(query, answer).join();
    }

    private static Json resolved(AgentQuery.Resolved resolved) {
        var problem = resolved.problem();
        if (problem != null) {
            throw Problem.ofStatus(problem.status(), problem.message(), problem.errorCode());
        }
        return Objects.requireNonNull(resolved.sessionAgent());
    }

    private static void requireUsable(String environmentId, EnvironmentQuery.Found found) {
        if (found.type() == null) {
            throw Problem.of(Problem.Kind.MISSING, "environment " + environmentId + " was not found",
                    "environment_not_found");
        }
        if (found.archived()) {
            throw Problem.invalid("environment_id", "environment " + environmentId + " is archived",
                    "environment_archived");
        }
        if (found.type().equals("self_hosted")) {
            throw Problem.notBuilt("sessions in self-hosted environments; their work queue arrives with the hands");
        }
    }

    @GetMapping("/{id}")
    ObjectNode read(@PathVariable String id) {
        return view.session(desk.find(id));
    }

    @PostMapping("/{id}")
    ObjectNode update(@PathVariable String id, Fields body) {
        body.know("title", "metadata", "agent", "budget");
        var state = desk.find(id);
        if (body.has("vault_ids")) {
            throw body.invalid("vault_ids", "cannot be changed after creation");
        }
        if (body.hasValue("budget")) {
            throw Problem.invalid("budget", "budget_create_only: a budget can only be set at creation",
                    "budget_create_only");
        }
        Json agent = null;
        var change = body.optionalObject("agent");
        if (change != null) {
            agent = resolved(ask(new AgentQuery.Change(state.agent(), new Json(change.json().toString())),
                    AgentQuery.Resolved.class));
        }
        desk.send(new SessionCommand.Update(state.id(), body.has("title"),
                body.optionalString("title", TITLE_CHARS_MAX), body.metadataPatch("metadata"), agent));
        return read(id);
    }

    @PostMapping("/{id}/archive")
    ObjectNode archive(@PathVariable String id) {
        desk.send(new SessionCommand.Archive(Desk.id(id)));
        return read(id);
    }

    record Deleted(String id, String type) {}

    @DeleteMapping("/{id}")
    Deleted delete(@PathVariable String id) {
        var session = Desk.id(id);
        desk.send(new SessionCommand.Delete(session));
        log.erase(session);
        return new Deleted(id, "session_deleted");
    }

    @GetMapping
    BidirectionalPageCursor<ObjectNode> list(Query query) {
        if (query.one("memory_store_id") != null || query.one("deployment_id") != null) {
            throw Problem.notBuilt("memory stores and deployments, so nothing can be filtered by them");
        }
        var created = query.times("created_at");
        var paging = Paging.eitherWay(query, "sessions", Paging.Limits.USUAL, false).within(created);
        var statuses = statuses(query);
        var version = query.integer("agent_version", 1, Integer.MAX_VALUE);
        var filter = new SessionIndex.Filter(query.one("agent_id"), version == null ? null : version.intValue(),
                statuses,
                created.after(), created.from(), created.before(), created.upTo(),
                query.bool("include_archived", false), null, paging.fetch());
        var cursor = paging.from();
        var from = cursor == null ? null : SessionIndex.Place.of(cursor.at(), cursor.id());
        var places = index.list(filter, !paging.scanAscending(), from);
        return paging.bidirectional(places, place -> new Paging.Key(Instant.parse(place.createdAt()), place.id()),
                place -> states.now(new SessionId(place.id())).map(view::session));
    }

    /** Sessions and threads have the same four. */
    static Set<String> statuses(Query query) {
        return known("statuses", Set.copyOf(query.all("statuses")));
    }

    static Set<String> known(String field, Set<String> statuses) {
        for (var status : statuses) {
            if (!STATUSES.contains(status)) {
                throw Problem.invalid(field,
                        "must be idle, running, rescheduling or terminated, not \"" + status + "\"");
            }
        }
        return statuses;
    }
}
