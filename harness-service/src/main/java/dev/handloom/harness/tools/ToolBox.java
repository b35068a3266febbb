package dev.handloom.harness.tools;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.Policy;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One agent's tools, from its {@code tools} array. Web tools and MCP toolsets are not offered: nothing here could run
 * them yet (docs/API-COMPATIBILITY.md).
 *
 * @param definitions as the Messages API takes them, in a stable order, so that the prompt's beginning stays the same
 */
public record ToolBox(List<Json> definitions, Map<String, Tool> byName) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Map<String, Json> HANDS = readToolset();

    /** @param policy only for tools that we run */
    public record Tool(ToolRunner runner, @Nullable Policy policy) {}

    static Map<String, Json> readToolset() {
        try (var file = ToolBox.class.getResourceAsStream("/tools/agent-toolset.json")) {
            var tools = new LinkedHashMap<String, Json>();
            for (JsonNode tool : JSON.readTree(Objects.requireNonNull(file))) {
                tools.put(tool.path("name").asString(), new Json(tool.toString()));
            }
            return tools;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static ToolBox of(JsonNode tools) {
        var definitions = new LinkedHashMap<String, Json>();
        var byName = new LinkedHashMap<String, Tool>();
        for (JsonNode tool : tools) {
            switch (tool.path("type").asString("")) {
                case "agent_toolset_20260401" -> HANDS.forEach((name, definition) -> {
                    var config = configOf(tool, name);
                    if (config.path("enabled").asBoolean(true)) {
                        definitions.put(name, definition);
                        byName.put(name, new Tool(ToolRunner.HANDS, policy(config)));
                    }
                });
                case "custom" -> {
                    var name = tool.path("name").asString();
                    var definition = JSON.createObjectNode().put("name", name);
                    definition.set("description", tool.path("description"));
                    definition.set("input_schema", tool.path("input_schema"));
                    definitions.put(name, new Json(definition.toString()));
                    byName.put(name, new Tool(ToolRunner.CLIENT, null));
                }
                default -> {}
            }
        }
        return new ToolBox(List.copyOf(definitions.values()), Map.copyOf(byName));
    }

    private static JsonNode configOf(JsonNode toolset, String name) {
        for (JsonNode config : toolset.path("configs")) {
            if (name.equals(config.path("name").asString(""))) {
                return config;
            }
        }
        return toolset.path("default_config");
    }

    private static Policy policy(JsonNode config) {
        return Policy.valueOf(config.path("permission_policy")
                .path("type")
                .asString("always_allow")
                .toUpperCase(Locale.ROOT));
    }

    /**
     * What becomes of a tool_use block of the model's answer.
     *
     * @param flaw why it cannot be carried out whatever the policy says, or null
     */
    public AgentOutput.ToolUse judge(String id, Json block, @Nullable String flaw) {
        var use = JSON.readTree(block.text());
        var name = use.path("name").asString("");
        var modelCallId = use.path("id").asString("");
        var tool = byName.get(name);
        var refusal = tool == null
                ? "There is no tool named " + name + ", or it is switched off for this agent."
                : flaw;
        if (tool == null || refusal != null) {
            return new AgentOutput.ToolUse(id, block, modelCallId, name, ToolRunner.HANDS, null, Permission.DENY, null,
                    refusal);
        }
        if (tool.policy() == null) {
            return new AgentOutput.ToolUse(id, block, modelCallId, name, tool.runner(), null, Permission.ALLOW, null,
                    null);
        }
        var permission = switch (tool.policy()) {
            case ALWAYS_ALLOW -> Permission.ALLOW;
            case ALWAYS_ASK -> Permission.ASK;
            // Nobody judges for us yet: what is not certain is asked (contract/open-questions.md F2).
            case AUTO -> Permission.ASK;
        };
        return new AgentOutput.ToolUse(id, block, modelCallId, name, tool.runner(), null, permission, tool.policy(),
                null);
    }
}
