package dev.handloom.harness.agents;

import dev.handloom.api.Json;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Metadata;
import dev.handloom.kit.http.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads definitions from requests: new ones, changes to one, and what a session overrides. */
final class DefinitionFields {
    private static final int NAME_CHARS_MAX = 256;
    private static final int DESCRIPTION_CHARS_MAX = 2048;
    private static final int SYSTEM_CHARS_MAX = 100_000;
    private static final Json SERVICE_ACCOUNT = new Json("{\"type\":\"service_account\"}");

    private DefinitionFields() {}

    static Definition create(Fields body) {
        body.know("name", "model", "description", "system", "tools", "mcp_servers", "skills", "multiagent",
                "execution_identity", "metadata");
        refuseWhatIsNotBuilt(body);
        var tools = new ToolFields();
        var definition = new Definition(
                body.requireString("name", 1, NAME_CHARS_MAX),
                emptyIsNull(body.optionalString("description", DESCRIPTION_CHARS_MAX)),
                emptyIsNull(body.optionalString("system", SYSTEM_CHARS_MAX)),
                ModelField.read(body, null),
                new Json(tools.tools(body).toString()),
                new Json(tools.mcpServers(body).toString()),
                SERVICE_ACCOUNT,
                checked(body.metadata("metadata")));
        Retention.check(definition.metadata());
        return definition;
    }

    /** The definition after an update: what is not sent stays, null clears what can be cleared. */
    static Definition change(Definition stored, Fields body) {
        body.know("name", "model", "description", "system", "tools", "mcp_servers", "skills", "multiagent",
                "execution_identity", "metadata", "version");
        refuseWhatIsNotBuilt(body);
        var wiring = body.orElse(wire(stored), "tools", "mcp_servers");
        var tools = new ToolFields();
        var definition = new Definition(
                body.has("name") ? body.requireString("name", 1, NAME_CHARS_MAX) : stored.name(),
                body.has("description")
                        ? emptyIsNull(body.optionalString("description", DESCRIPTION_CHARS_MAX))
                        : stored.description(),
                body.has("system") ? emptyIsNull(body.optionalString("system", SYSTEM_CHARS_MAX)) : stored.system(),
                body.has("model") ? ModelField.read(body, stored.model()) : stored.model(),
                new Json(tools.tools(wiring).toString()),
                new Json(tools.mcpServers(wiring).toString()),
                stored.executionIdentity(),
                checked(Metadata.patched("metadata", stored.metadata(), body.metadataPatch("metadata"))));
        if (body.has("metadata")) {
            Retention.check(definition.metadata());
        }
        return definition;
    }

    /**
     * What a session makes of a stored agent. Its model comes without the agent's effort, and an effort sent with it does
     * not count (contract/resources.md §3.1).
     */
    static Definition override(Definition stored, Fields body) {
        body.know("type", "id", "version", "model", "system", "tools", "mcp_servers", "skills");
        refuseWhatIsNotBuilt(body);
        if (body.has("model") && !body.hasValue("model")) {
            throw Problem.invalid(body.path("model"), "agent_model_required: a session's agent needs a model",
                    "agent_model_required");
        }
        var changed = change(stored, body.keep("model", "system", "tools", "mcp_servers"));
        return new Definition(changed.name(), changed.description(), changed.system(),
                body.has("model") ? withoutEffort(changed.model()) : changed.model(), changed.tools(),
                changed.mcpServers(), changed.executionIdentity(), changed.metadata());
    }

    private static Json withoutEffort(Json model) {
        var object = (ObjectNode) JsonMapper.shared().readTree(model.text());
        object.remove("effort");
        return new Json(object.toString());
    }

    private static ObjectNode wire(Definition definition) {
        var object = JsonMapper.shared().createObjectNode();
        definition.write(object);
        return object;
    }

    private static void refuseWhatIsNotBuilt(Fields body) {
        if (!body.objects("skills", 500).isEmpty()) {
            throw Problem.notBuilt(body.path("skills") + ": skills");
        }
        if (body.hasValue("multiagent")) {
            throw Problem.notBuilt(body.path("multiagent") + ": agents that lead other agents");
        }
        var identity = body.optionalObject("execution_identity");
        if (identity != null && !identity.requireOneOf("type", "service_account", "aws_role")
                .equals(
                        "service_account")) {
            throw Problem.notBuilt(body.path("execution_identity") + ": AWS roles");
        }
    }

    /** Metadata is the client's own, but for the one key that chooses how the context is kept. */
    private static Map<String, String> checked(Map<String, String> metadata) {
        var _ = AgentPolicies.of(metadata);
        return metadata;
    }

    private static @Nullable String emptyIsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
