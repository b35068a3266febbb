package dev.handloom.harness.agents;

import dev.handloom.api.Json;
import dev.handloom.api.agent.AgentQuery;
import dev.handloom.api.agent.AgentQuery.Resolved;
import dev.handloom.kit.http.ApiSettings;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells the session service which agent a session is to have. */
@Component
class AgentAnswers {
    private static final int ID_CHARS_MAX = 128;

    private final Histories histories;
    private final ApiSettings settings;

    AgentAnswers(Histories histories, ApiSettings settings) {
        this.histories = histories;
        this.settings = settings;
    }

    @QueryHandler
    Resolved answer(AgentQuery.Resolve query) {
        return answered(() -> resolve(ExactJson.read(query.agent())));
    }

    @QueryHandler
    Resolved answer(AgentQuery.Change query) {
        return answered(() -> {
            var agent = (ObjectNode) ExactJson.read(query.current());
            var body = fields(ExactJson.read(query.change())).know("tools", "mcp_servers");
            var wiring = body.orElse(agent, "tools", "mcp_servers");
            var tools = new ToolFields();
            agent.set("tools", tools.tools(wiring));
            agent.set("mcp_servers", tools.mcpServers(wiring));
            return usable(agent);
        });
    }

    private interface Work {
        ObjectNode run();
    }

    private static Resolved answered(Work work) {
        try {
            return new Resolved(new Json(work.run().toString()), null);
        } catch (Problem problem) {
            return new Resolved(null, new AgentQuery.Problem(problem.kind().status(), problem.getMessage(),
                    problem.code()));
        }
    }

    private Fields fields(JsonNode object) {
        return new Fields("agent", object, settings.unknownFields());
    }

    private ObjectNode resolve(JsonNode agent) {
        if (agent.isString()) {
            return copy(agent.asString(), null, null);
        }
        if (!agent.isObject()) {
            throw Problem.invalid("agent", "must be an agent's id or an object with one");
        }
        var body = fields(agent);
        var type = body.requireOneOf("type", "agent", "agent_with_overrides");
        var id = body.requireString("id", 1, ID_CHARS_MAX);
        var version = body.optionalInteger("version", 1, Integer.MAX_VALUE);
        if (type.equals("agent")) {
            body.know("type", "id", "version");
            return copy(id, version, null);
        }
        return copy(id, version, body);
    }

    private ObjectNode copy(String id, @Nullable Long number, @Nullable Fields overrides) {
        var history = histories.find(id).orElseThrow(() -> Problem.missing("agent " + id + " was not found"));
        if (history.archivedAt() != null) {
            throw Problem.invalid("agent", "agent " + id + " is archived");
        }
        var version = number == null
                ? history.newest()
                : history.version(number)
                        .orElseThrow(
                                () -> Problem.missing("agent " + id + " has no version " + number));
        var definition = overrides == null
                ? version.definition()
                : DefinitionFields.override(version.definition(), overrides);
        return usable(history.sessionCopy(version, definition));
    }

    /** A session must not begin with tools that nothing can run. */
    private static ObjectNode usable(ObjectNode agent) {
        if (!agent.path("mcp_servers").isEmpty()) {
            throw Problem.notBuilt("sessions whose agent uses MCP servers; they arrive with the vault proxy");
        }
        return agent;
    }
}
