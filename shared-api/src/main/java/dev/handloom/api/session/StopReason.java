package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.api.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a session rests (contract/events.md §4.1). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface StopReason {
    /** The turn finished, or was interrupted. */
    @JsonTypeName("end_turn")
    record EndTurn() implements StopReason {}

    /** Blocked on the client, who must answer each of these tool-use events. */
    @JsonTypeName("requires_action")
    record RequiresAction(List<String> eventIds) implements StopReason {}

    /** The error budget of the turn is spent; queued inputs were flushed. */
    @JsonTypeName("retries_exhausted")
    record RetriesExhausted() implements StopReason {}

    /** The model refused; {@code details} is the model's own account of it, if it gave one. */
    @JsonTypeName("refusal")
    record Refused(@Nullable Json details) implements StopReason {}
}
