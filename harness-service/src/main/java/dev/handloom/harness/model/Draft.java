package dev.handloom.harness.model;

import dev.handloom.api.Json;
import dev.handloom.api.session.Tokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer growing from the events of a stream. A block is the object it started as with its deltas applied, whatever
 * its type, and stays as it was written: one that came whole is kept to the letter, and what grew is the pieces put
 * together, escapes and number forms included.
 */
final class Draft {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String CUT_OFF = "The answer reached its token limit inside this call, so the call was not run. "
            + "Make its input shorter, or split the work into several calls.";
    private static final String NO_OBJECT = "The input of this call is not a JSON object, so the call was not run.";

    private static final class Growing {
        private final int number;
        private final String start;
        private final Map<String, String> members;
        private final String type;
        /** Strings that grow, without their quotes. */
        private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
        private final StringBuilder input = new StringBuilder();
        private boolean changed;
        private boolean ended;
        private @Nullable String flaw;

        Growing(int number, String start) {
            this.number = number;
            this.start = start;
            this.members = Written.members(start);
            this.type = text("type");
        }

        private String text(String name) {
            return Written.string(members.getOrDefault(name, ""));
        }

        void append(String name, String literal) {
            var kept = members.get(name);
            var text = texts.computeIfAbsent(name, _ -> new StringBuilder(
                    kept != null && Written.isString(kept) ? kept.substring(1, kept.length() - 1) : ""));
            text.append(literal, 1, literal.length() - 1);
            changed = true;
        }

        void set(String name, String value) {
            members.put(name, value);
            changed = true;
        }

        void addTo(String name, String element) {
            var list = members.get(name);
            set(name, list == null || !list.startsWith("[") || Written.elements(list).isEmpty()
                    ? "[" + element + "]"
                    : list.substring(0, list.lastIndexOf(']')) + "," + element + "]");
        }

        /** Puts the pieces together. A tool's input becomes an object in any case, because the API takes nothing else. */
        void settle(boolean tokenLimit) throws IOException {
            texts.forEach((name, text) -> members.put(name, "\"" + text + "\""));
            boolean object = input.isEmpty() || isObject(input.toString());
            if (!object && !type.equals("tool_use")) {
                throw new IOException("the input of a " + type + " block is not a JSON object");
            }
            if (object && !input.isEmpty()) {
                set("input", input.toString());
            }
            if (type.equals("tool_use") && !(object && Written.isObject(members.getOrDefault("input", "")))) {
                set("input", "{}");
                flaw = tokenLimit ? CUT_OFF : NO_OBJECT;
            }
        }

        private static boolean isObject(String json) {
            try {
                return JSON.readTree(json).isObject();
            } catch (JacksonException _) {
                return false;
            }
        }

        /** What may not be repeated, because the API would refuse it: blank text, and thinking that was cut off. */
        boolean empty(boolean tokenLimit) {
            return switch (type) {
                case "text" -> text("text").isBlank();
                case "thinking" -> tokenLimit && text("signature").isEmpty();
                default -> false;
            };
        }

        Model.Block block() {
            return new Model.Block(number, type, new Json(changed ? Written.object(members) : start), flaw);
        }
    }

    private final Model.Listener listener;
    private final Map<Integer, Growing> blocks = new LinkedHashMap<>();
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
        count(message.path("usage"));
    }

    private void count(JsonNode reported) {
        usage.add(reported);
        listener.counted(usage.tokens());
    }

    /** @param written the block, a JSON object */
    void startBlock(int index, String written) throws IOException {
        var block = new Growing(blocks.size(), written);
        if (blocks.putIfAbsent(index, block) != null) {
            throw new IOException("block " + index + " began twice");
        }
        listener.started(block.number, block.type);
        var text = block.text("text");
        if (!text.isEmpty()) {
            listener.textAdded(block.number, text);
        }
    }

    /**
     * Texts grow, whatever they are called; anything else is the field's newest value.
     *
     * @param written the delta, a JSON object
     */
    void grow(int index, String written) throws IOException {
        var block = blocks.get(index);
        if (block == null) {
            throw new IOException("block " + index + " grew before it began");
        }
        var delta = Written.members(written);
        switch (Written.string(delta.getOrDefault("type", ""))) {
            case "input_json_delta" -> block.input.append(Written.string(delta.getOrDefault("partial_json", "")));
            case "citations_delta" -> block.addTo("citations", delta.getOrDefault("citation", "null"));
            default -> delta.forEach((name, value) -> grow(block, name, value));
        }
    }

    private void grow(Growing block, String name, String value) {
        if (name.equals("type")) {
            return;
        }
        if (!Written.isString(value)) {
            block.set(name, value);
            return;
        }
        block.append(name, value);
        if (name.equals("text")) {
            listener.textAdded(block.number, Written.string(value));
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
        count(event.path("usage"));
    }

    /** A whole message at once, from a server that does not stream. */
    void whole(String written) throws IOException {
        var message = JSON.readTree(written);
        int index = 0;
        if (message.path("content").isArray()) {
            for (var block : Written.elements(Written.members(written).getOrDefault("content", "[]"))) {
                startBlock(index, block);
                endBlock(index++);
            }
        }
        var event = JSON.createObjectNode();
        var delta = event.putObject("delta");
        delta.set("stop_reason", message.path("stop_reason"));
        delta.set("stop_details", message.path("stop_details"));
        event.set("usage", message.path("usage"));
        changeMessage(event);
    }

    /** @throws IOException when the stream ended before the answer did */
    Model.Answer finish() throws IOException {
        if (stopReason == null) {
            throw new IOException("the stream ended before the answer did");
        }
        boolean tokenLimit = stopReason.equals("max_tokens");
        List<Model.Block> finished = new ArrayList<>(blocks.size());
        for (var block : blocks.values()) {
            if (!block.ended) {
                throw new IOException("the stream ended inside a " + block.type + " block");
            }
            block.settle(tokenLimit);
            if (!block.empty(tokenLimit)) {
                finished.add(block.block());
            }
        }
        return new Model.Answer(finished, usage.tokens(), usage.speed(), stopReason, stopDetails);
    }
}
