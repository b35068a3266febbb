package dev.handloom.api.agent;

import dev.handloom.api.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What may be asked about agents. */
public sealed interface AgentQuery {
    /**
     * The agent a new session asks for: {@code agent} is the body's field as sent, a string id, {@code {"type":"agent",…}}
     * or {@code {"type":"agent_with_overrides",…}} (contract/resources.md §3.1). Answered with a {@link Resolved}.
     */
    record Resolve(Json agent) implements AgentQuery {}

    /**
     * The session's agent with {@code tools} and/or {@code mcp_servers} replaced, validated as on agent creation.
     * Answered with a {@link Resolved}.
     *
     * @param current the SessionAgent object
     * @param change  the body's {@code agent} field as sent
     */
    record Change(Json current, Json change) implements AgentQuery {}

    /** How long agents' sessions are kept once they rest. Answered with {@link Kept}. */
    record Retentions() implements AgentQuery {}

    /** @param byAgent by agent id; only agents that say so, 1 day to 10 years each */
    record Kept(Map<String, Duration> byAgent) {}

    /** Exactly one of the parts is present. {@code sessionAgent} is a SessionAgent object (contract/resources.md §3). */
    record Resolved(@Nullable Json sessionAgent, @Nullable Problem problem) {}

    /** @param status the HTTP status this amounts to: 400, 404 or 501 */
    record Problem(int status, String message, @Nullable String errorCode) {}
}
