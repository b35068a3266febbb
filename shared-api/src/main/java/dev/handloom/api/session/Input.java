package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.api.Json;
import org.jspecify.annotations.Nullable;

/** What a client may say to a session (contract/events.md §2), already checked for form. {@code content} is a JSON array. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Input {
    @JsonTypeName("user.message")
    record Message(Json content) implements Input {}

    /** @param threadId the only thread to stop, or null for all of them */
    @JsonTypeName("user.interrupt")
    record Interrupt(@Nullable String threadId) implements Input {}

    /** @param toolUseId the event id of the {@code agent.tool_use} it answers, never the model's {@code toolu_} id */
    @JsonTypeName("user.tool_confirmation")
    record ToolConfirmation(String toolUseId, boolean allow, @Nullable String denyMessage) implements Input {}

    @JsonTypeName("user.custom_tool_result")
    record CustomToolResult(String toolUseId, Json content, boolean isError) implements Input {}

    /** A self-hosted worker's answer. */
    @JsonTypeName("user.tool_result")
    record ToolResult(String toolUseId, Json content, boolean isError) implements Input {}

    @JsonTypeName("system.message")
    record SystemMessage(Json content) implements Input {}

    /** An input under the id its event will have. */
    record Named(String id, Input input) {}
}
