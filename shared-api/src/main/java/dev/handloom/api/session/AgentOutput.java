package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.api.Json;
import org.jspecify.annotations.Nullable;

/** One content block of a model's answer, kept verbatim, with what the harness made of it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public sealed interface AgentOutput {
    /** The id its event will have; allocated before generation, so that a preview and the stored event agree. */
    String id();

    /** The block exactly as the next request repeats it. */
    Json block();

    @JsonTypeName("text")
    record Text(String id, Json block) implements AgentOutput {}

    @JsonTypeName("thinking")
    record Thinking(String id, Json block) implements AgentOutput {}

    /** A block this version does not know; kept for the model, hidden from the API. */
    @JsonTypeName("other")
    record Other(String id, Json block) implements AgentOutput {}

    /**
     * The model asks for a tool.
     *
     * @param modelCallId the model's own id for the call ({@code toolu_…}), which its result must name
     * @param serverName  the MCP server, only when {@code runner} is MCP
     * @param policy      what decided {@code permission}; null when the call was refused before a policy applied
     *                    (tool unknown or disabled), and then {@code permission} is DENY and {@code refusal} says why
     */
    @JsonTypeName("tool_use")
    record ToolUse(
            String id,
            Json block,
            String modelCallId,
            String name,
            ToolRunner runner,
            @Nullable String serverName,
            Permission permission,
            @Nullable Policy policy,
            @Nullable String refusal
    ) implements AgentOutput {}

    /** Who runs a tool: our hands, the client, or an MCP server. */
    enum ToolRunner {
        HANDS, CLIENT, MCP
    }

    /** What the policy came to for one call. */
    enum Permission {
        ALLOW, ASK, DENY
    }

    /** The policy of a tool, as the agent's author wrote it. */
    enum Policy {
        ALWAYS_ALLOW, ALWAYS_ASK, AUTO
    }
}
