package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What must hold of every history (contract/events.md §13), and of every request to the model. */
final class Invariants {
    private Invariants() {}

    private static String id(JsonNode event) {
        return event.path("id").asString();
    }

    static void holdIn(List<JsonNode> history) {
        var ids = new HashSet<String>();
        var asked = new LinkedHashSet<String>();
        var answered = new HashSet<String>();
        var before = "";
        for (int i = 0; i < history.size(); i++) {
            var event = history.get(i);
            assertThat(ids.add(id(event))).as("stands twice: " + event).isTrue();
            var at = event.path("processed_at").asString("");
            if (at.isEmpty()) {
                assertThat(Tail.type(event)).as("only inputs wait").matches("(user|system)\\..*");
            } else {
                assertThat(at).as("processed_at of " + event).isGreaterThanOrEqualTo(before);
                before = at;
            }
            switch (Tail.type(event)) {
                case "session.status_idle" -> {
                    assertThat(Tail.type(history.get(i - 1))).isEqualTo("session.usage");
                    for (var owed : event.at("/stop_reason/event_ids")) {
                        assertThat(asked).contains(owed.asString());
                        assertThat(answered).doesNotContain(owed.asString());
                    }
                }
                case "agent.tool_use", "agent.custom_tool_use" -> asked.add(id(event));
                case "agent.tool_result" -> once(event.path("tool_use_id").asString(), answered);
                case "user.custom_tool_result" -> once(event.path("custom_tool_use_id").asString(), answered);
                default -> {}
            }
        }
        assertThat(spans("span.model_request_start", "id", history)).as("every request that starts ends, once")
                .containsExactlyInAnyOrderElementsOf(
                        spans("span.model_request_end", "model_request_start_id", history));
        if (history.getLast().at("/stop_reason/type").asString("").equals("end_turn")) {
            assertThat(answered).as("at rest every call has its result").containsAll(asked);
        }
    }

    private static void once(String call, Set<String> answered) {
        assertThat(answered.add(call)).as("answered twice: " + call).isTrue();
    }

    private static List<String> spans(String type, String field, List<JsonNode> history) {
        return Tail.all(type, history).stream().map(span -> span.path(field).asString()).toList();
    }

    /** What the client must still answer, by id: the call as it was shown. */
    static Map<String, JsonNode> owed(List<JsonNode> history) {
        var owed = new LinkedHashMap<String, JsonNode>();
        for (var event : history) {
            switch (Tail.type(event)) {
                case "agent.tool_use" -> {
                    if (event.path("evaluated_permission").asString().equals("ask")) {
                        owed.put(id(event), event);
                    }
                }
                case "agent.custom_tool_use" -> owed.put(id(event), event);
                case "user.tool_confirmation", "agent.tool_result" -> owed.remove(event.path("tool_use_id").asString());
                case "user.custom_tool_result" -> owed.remove(event.path("custom_tool_use_id").asString());
                default -> {}
            }
        }
        return owed;
    }

    /** The stream as a history tells it: an input that waited stands where it was taken up, or last. */
    static List<JsonNode> asHistory(List<JsonNode> stream) {
        var last = new HashMap<String, Integer>();
        for (int i = 0; i < stream.size(); i++) {
            last.put(id(stream.get(i)), i);
        }
        var history = new ArrayList<JsonNode>();
        var waiting = new ArrayList<JsonNode>();
        for (int i = 0; i < stream.size(); i++) {
            var event = stream.get(i);
            if (last.getOrDefault(id(event), -1) == i) {
                (event.path("processed_at").isNull() ? waiting : history).add(event);
            }
        }
        history.addAll(waiting);
        return history;
    }

    /** The API's own rules: roles in turn, user first; ids used once; every call answered at once, results first. */
    static void holdIn(JsonNode messages) {
        var ids = new HashSet<String>();
        var owed = new ArrayList<String>();
        var before = "";
        for (var message : messages) {
            var role = message.path("role").asString();
            assertThat(role).as("the role after " + before).isNotEqualTo(before);
            if (before.isEmpty()) {
                assertThat(role).isEqualTo("user");
            }
            if (before.equals("system")) {
                assertThat(role).as("what follows a system message").isEqualTo("assistant");
            }
            if (role.equals("system")) {
                assertThat(before).as("what a system message follows").isEqualTo("user");
            }
            assertThat(message.path("content").size()).isPositive();
            var answered = new ArrayList<String>();
            boolean resultsOver = false;
            for (var block : message.path("content")) {
                var type = block.path("type").asString();
                if (type.equals("tool_use")) {
                    assertThat(ids.add(block.path("id").asString())).as("used twice: " + block).isTrue();
                    assertThat(block.path("id").asString()).matches("[a-zA-Z0-9_-]+");
                    owed.add(block.path("id").asString());
                }
                if (type.equals("text")) {
                    assertThat(block.path("text").asString()).isNotBlank();
                }
                if (type.equals("tool_result")) {
                    assertThat(resultsOver).as("results stand first").isFalse();
                    answered.add(block.path("tool_use_id").asString());
                } else {
                    resultsOver = true;
                }
            }
            if (role.equals("user")) {
                assertThat(answered).containsExactlyInAnyOrderElementsOf(owed);
                owed.clear();
            }
            before = role;
        }
        assertThat(owed).isEmpty();
        assertThat(before).isNotEqualTo("assistant");
    }
}
