package dev.handloom.harness.model;

import dev.handloom.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The body of a Messages request, put together from texts that are already JSON: what is stored is sent as it stands, and
 * the same history gives the same bytes. Up to four cache marks are set on what will not change: the last tool, the end
 * of the system prompt, the newest message, and where the longest prefix ends that an earlier request had in common with
 * this one: most often the user message before, or an earlier one where the context strategy has just rewritten what
 * follows.
 */
final class RequestBody {
    private static final String MARK = ",\"cache_control\":{\"type\":\"ephemeral\"}}";
    private static final JsonMapper JSON = JsonMapper.shared();

    private RequestBody() {}

    /**
     * @param systemRole whether the model takes system messages between the others
     * @param marks      whether to set cache marks
     */
    static byte[] of(Model.Request request, int maxTokens, boolean systemRole, boolean marks) {
        var body = new StringBuilder(1024);
        body.append("{\"model\":").append(quoted(request.modelId()));
        body.append(",\"max_tokens\":").append(maxTokens).append(",\"stream\":true");
        if (request.effort() != null) {
            body.append(",\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":")
                    .append(quoted(request.effort()))
                    .append('}');
        }
        // "standard" is what a server does unasked, and some refuse to be asked for it.
        if ("fast".equals(request.speed())) {
            body.append(",\"speed\":\"fast\"");
        }
        if (request.inferenceGeo() != null) {
            body.append(",\"inference_geo\":").append(quoted(request.inferenceGeo()));
        }
        var tools = request.tools();
        if (!tools.isEmpty()) {
            array(body.append(",\"tools\":"), tools, marks);
        }
        if (request.system() != null) {
            var system = request.system().text();
            body.append(",\"system\":");
            if (marks) {
                body.append(system, 0, system.length() - 2).append(MARK).append(']');
            } else {
                body.append(system);
            }
        }
        var said = request.messages();
        int stable = Math.min(request.stable(), said.size());
        if (systemRole) {
            messages(body, said, stable, marks);
        } else {
            messages(body, spokenByUser(said), spokenByUser(said.subList(0, stable)).size(), marks);
        }
        return body.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void messages(StringBuilder body, List<Model.Message> messages, int stable, boolean marks) {
        int last = userOrAssistant(messages, messages.size() - 1);
        int before = Math.min(last, stable) - 1;
        while (before >= 0 && !messages.get(before).role().equals("user")) {
            before--;
        }
        body.append(",\"messages\":[");
        for (int i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            body.append(i == 0 ? "" : ",").append("{\"role\":").append(quoted(message.role())).append(",\"content\":");
            array(body, message.content(), marks && (i == last || i == before));
            body.append('}');
        }
        body.append(']');
    }

    /** Where the last message up to here stands that is no system message: only those are sure to take a mark. */
    private static int userOrAssistant(List<Model.Message> messages, int from) {
        int at = from;
        while (at >= 0 && messages.get(at).role().equals("system")) {
            at--;
        }
        return at;
    }

    /** System messages become the last words of the user's message before them. */
    private static List<Model.Message> spokenByUser(List<Model.Message> messages) {
        var spoken = new ArrayList<Model.Message>();
        for (var message : messages) {
            if (!message.role().equals("system")) {
                spoken.add(message);
                continue;
            }
            boolean joins = !spoken.isEmpty() && spoken.getLast().role().equals("user");
            var content = new ArrayList<>(joins ? spoken.removeLast().content() : List.of());
            for (var block : message.content()) {
                var text = JSON.readTree(block.text()).path("text").asString("");
                content.add(
                        new Json("{\"type\":\"text\",\"text\":" + quoted("<system>\n" + text + "\n</system>") + "}"));
            }
            spoken.add(new Model.Message("user", content));
        }
        return spoken;
    }

    private static void array(StringBuilder body, List<Json> blocks, boolean marked) {
        body.append('[');
        for (int i = 0; i < blocks.size(); i++) {
            var text = blocks.get(i).text();
            body.append(i == 0 ? "" : ",");
            if (marked && i == blocks.size() - 1 && markable(text)) {
                body.append(text, 0, text.length() - 1).append(MARK);
            } else {
                body.append(text);
            }
        }
        body.append(']');
    }

    /** Thinking carries no marks, an empty text neither, and a client's own mark stays the only one. */
    private static boolean markable(String block) {
        return !block.contains("\"cache_control\"") && !block.startsWith("{\"type\":\"thinking\"")
                && !block.startsWith("{\"type\":\"redacted_thinking\"") && !block.contains("\"text\":\"\"");
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }
}
