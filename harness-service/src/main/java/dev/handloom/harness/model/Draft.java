package dev.handloom.harness.model;

import dev.handloom.api.Json;
import dev.handloom.api.session.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * An answer growing from the events of a stream. A block is the object it started as with its deltas applied, whatever
 * its type, so that it can be repeated as it was meant; a tool's input stays the very text that was sent.
 */
final class Draft {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final class Growing {
        private final int number;
        private final ObjectNode start;
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final StringBuilder input = new StringBuilder();
        private boolean ended;

        Growing(int number, ObjectNode start) {
            this.number = number;
            this.start = start;
        }

        String type() {
            return start.path("type").asString("");
        }
    }

    private final Model.Listener listener;
    private final Map<Integer, Growing> blocks = new TreeMap<>();
    private final Usage usage = new Usage();
    private @Nullable String stopReason;
    private @Nullable Json stopDetails;

    Draft(Model.Listener listener) {
        this.listener = listener;
    }

    Tokens tokens() {
        return usage.tokens();
    }

    void startMessage(JsonNode message) {
        usage.add(message.path("usage"));
    }

    void startBlock(int index, JsonNode block) {
        if (block instanceof ObjectNode object) {
            var growing = new Growing(blocks.size(), object.deepCopy());
            blocks.put(index, growing);
            listener.started(growing.number, growing.type());
            var text = object.path("text").asString("");
            if (!text.isEmpty()) {
                listener.textAdded(growing.number, text);
            }
        }
    }

    void grow(int index, JsonNode delta) {
        var block = blocks.get(index);
        if (block == null) {
            return;
        }
        switch (delta.path("type").asString("")) {
            case "input_json_delta" -> block.input.append(delta.path("partial_json").asString(""));
            case "citations_delta" -> block.start.withArray("citations").add(delta.path("citation"));
            default -> delta.properties().forEach(part -> grow(block, part.getKey(), part.getValue()));
        }
    }

    /** Texts grow, whatever they are called; anything else is the field's newest value. */
    private void grow(Growing block, String name, JsonNode value) {
        if (name.equals("type")) {
            return;
        }
        if (!value.isString()) {
            block.start.set(name, value);
            return;
        }
        block.texts.computeIfAbsent(name, _ -> new StringBuilder(block.start.path(name).asString("")))
                .append(value.asString());
        if (name.equals("text")) {
            listener.textAdded(block.number, value.asString());
        }
    }

    void endBlock(int index) {
        var block = blocks.get(index);
        if (block != null) {
            block.ended = true;
        }
    }

    void changeMessage(JsonNode event) {
        var delta = event.path("delta");
        if (delta.path("stop_reason").isString()) {
            stopReason = delta.path("stop_reason").asString();
        }
        if (delta.path("stop_details").isObject()) {
            stopDetails = new Json(delta.path("stop_details").toString());
        }
        usage.add(event.path("usage"));
    }

    /** A whole message at once, from a server that does not stream. */
    void whole(JsonNode message) {
        startMessage(message);
        int index = 0;
        for (var block : message.path("content")) {
            startBlock(index, block);
            endBlock(index++);
        }
        var event = JSON.createObjectNode();
        event.putObject("delta").set("stop_reason", message.path("stop_reason"));
        changeMessage(event);
    }

    /** @throws IOException when the stream ended before the answer did, or a tool's input is not JSON */
    Model.Answer finish() throws IOException {
        if (stopReason == null) {
            throw new IOException("the stream ended before the answer did");
        }
        List<Model.Block> finished = new ArrayList<>(blocks.size());
        for (var block : blocks.values()) {
            if (!block.ended) {
                throw new IOException("the stream ended inside a " + block.type() + " block");
            }
            finished.add(new Model.Block(block.type(), new Json(whole(block))));
        }
        return new Model.Answer(finished, usage.tokens(), usage.speed(), stopReason, stopDetails);
    }

    private static String whole(Growing block) throws IOException {
        block.texts.forEach((name, text) -> block.start.put(name, text.toString()));
        if (!block.input.isEmpty()) {
            var input = block.input.toString();
            try {
                if (!JSON.readTree(input).isObject()) {
                    throw new IOException("a tool's input is not a JSON object");
                }
            } catch (JacksonException _) {
                throw new IOException("a tool's input is not complete JSON");
            }
            block.start.putRawValue("input", new RawValue(input));
        }
        return block.start.toString();
    }
}
