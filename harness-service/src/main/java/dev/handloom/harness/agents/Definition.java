package dev.handloom.harness.agents;

import dev.handloom.api.Json;
import dev.handloom.kit.http.ExactJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of an agent, fully resolved: defaults filled in, short forms written out. Two definitions that say the same
 * are equal.
 *
 * @param model             a ModelConfig object (contract/resources.md §1)
 * @param tools             an array of tools, each with all its fields
 * @param mcpServers        an array of MCP servers
 * @param executionIdentity an object with a {@code type}
 */
record Definition(
        String name,
        @Nullable String description,
        @Nullable String system,
        Json model,
        Json tools,
        Json mcpServers,
        Json executionIdentity,
        Map<String, String> metadata
) {
    /** The fields an agent and a session's copy of it have in common. */
    void write(ObjectNode to) {
        to.put("name", name).put("description", description).put("system", system);
        to.set("model", ExactJson.read(model));
        to.set("tools", ExactJson.read(tools));
        to.set("mcp_servers", ExactJson.read(mcpServers));
        to.putArray("skills");
        to.putNull("multiagent");
        to.set("execution_identity", ExactJson.read(executionIdentity));
    }
}
