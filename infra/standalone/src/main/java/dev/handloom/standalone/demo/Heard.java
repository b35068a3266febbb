package dev.handloom.standalone.demo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the session's stream told, as far as the demo shows or counts it (contract/events.md §3, §10). */
sealed interface Heard {
    /** The id of the stored event; null for previews, which are never stored. */
    @Nullable
    String id();

    record TextBegan(String messageId) implements Heard {
        @Override
        public @Nullable String id() {
            return null;
        }
    }

    record TextGrew(String messageId, String text) implements Heard {
        @Override
        public @Nullable String id() {
            return null;
        }
    }

    /** The whole text, of which some may have been previewed. */
    record Spoke(String id, String text) implements Heard {}

    record RequestBegan(String id) implements Heard {}

    record RequestEnded(String id, boolean failed, long inputTokens, long outputTokens) implements Heard {}

    record ToolAsked(String id, String tool, JsonNode input, Instant at) implements Heard {}

    record ToolAnswered(String id, String askedId, String text, boolean failed, Instant at) implements Heard {}

    /** @param more whether the platform goes on by itself */
    record Errored(String id, String error, String message, boolean more) implements Heard {}

    /** @param stopReason the contract's own word */
    record Rested(String id, String stopReason) implements Heard {}

    record Terminated(String id) implements Heard {}

    record Other(@Nullable String id) implements Heard {}

    static Heard of(JsonNode event) {
        var id = event.path("id").asString("");
        return switch (event.path("type").asString("")) {
            case "event_start" -> event.path("event").path("type").asString("").equals("agent.message")
                    ? new TextBegan(event.path("event").path("id").asString(""))
                    : new Other(null);
            case "event_delta" -> new TextGrew(event.path("event_id").asString(""),
                    event.path("delta").path("content").path("text").asString(""));
            case "agent.message" -> new Spoke(id, texts(event));
            case "span.model_request_start" -> new RequestBegan(id);
            case "span.model_request_end" -> new RequestEnded(id, event.path("is_error").asBoolean(false),
                    inputTokens(event.path("model_usage")),
                    event.path("model_usage").path("output_tokens").asLong(0));
            case "agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use" -> new ToolAsked(
                    id, event.path("name").asString(""), event.path("input"), at(event));
            case "agent.tool_result" -> new ToolAnswered(id, event.path("tool_use_id").asString(""), texts(event),
                    event.path("is_error").asBoolean(false), at(event));
            case "session.error" -> new Errored(id, event.path("error").path("type").asString(""),
                    event.path("error").path("message").asString(""),
                    event.path("error").path("retry_status").path("type").asString("").equals("retrying"));
            case "session.status_idle" -> new Rested(id, event.path("stop_reason").path("type").asString(""));
            case "session.status_terminated", "session.deleted" -> new Terminated(id);
            default -> new Other(id.isEmpty() ? null : id);
        };
    }

    private static String texts(JsonNode event) {
        var texts = new StringBuilder();
        event.path("content").forEach(block -> texts.append(block.path("text").asString("")));
        return texts.toString();
    }

    /** All that the model read, from its cache or not. */
    private static long inputTokens(JsonNode usage) {
        return usage.path("input_tokens").asLong(0) + usage.path("cache_read_input_tokens").asLong(0)
                + usage.path("cache_creation_input_tokens").asLong(0);
    }

    private static Instant at(JsonNode event) {
        return Instant.parse(event.path("processed_at").asString(Instant.EPOCH.toString()));
    }
}
