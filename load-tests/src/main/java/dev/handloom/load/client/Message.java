package dev.handloom.load.client;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is sent to a session, made into bytes once. */
@SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
public record Message(byte[] body) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** One event with no field but its type. */
    public static Message event(String type) {
        return of(JSON.createObjectNode().put("type", type));
    }

    /**
     * What the user says is a rehearsal: the steps an instant model is to follow (docs/REHEARSAL.md).
     *
     * @param steps a JSON array
     */
    public static Message rehearse(String steps) {
        var event = JSON.createObjectNode().put("type", "user.message");
        event.putArray("content").addObject().put("type", "text").put("text", "{\"rehearse\":" + steps + "}");
        return of(event);
    }

    /**
     * The same, with a word by which the message is known again.
     *
     * @param steps a JSON array
     */
    public static Message rehearse(String word, String steps) {
        var event = JSON.createObjectNode().put("type", "user.message");
        event.putArray("content")
                .addObject()
                .put("type", "text")
                .put("text",
                        "{\"rehearse\":" + steps + ",\"word\":" + JSON.writeValueAsString(word) + "}");
        return of(event);
    }

    /** The word of a message's text; empty when it has none. */
    public static String wordOf(String text) {
        return JSON.readTree(text).path("word").asString("");
    }

    private static Message of(JsonNode event) {
        var body = JSON.createObjectNode();
        body.putArray("events").add(event);
        return new Message(body.toString().getBytes(StandardCharsets.UTF_8));
    }
}
