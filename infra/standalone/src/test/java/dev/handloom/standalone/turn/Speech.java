package dev.handloom.standalone.turn;

import tools.jackson.databind.json.JsonMapper;

/** The events of one streamed answer, written down as a server would send them. */
final class Speech {
    private final StringBuilder events = new StringBuilder();
    private int blocks;

    private Speech() {}

    /** Ten input tokens. */
    static Speech begins() {
        return begins("{\"input_tokens\":10,\"output_tokens\":1}");
    }

    static Speech begins(String usage) {
        return new Speech().event("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
                + "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,"
                + "\"stop_sequence\":null,\"usage\":" + usage + "}}");
    }

    /** A whole answer that says one thing: ten tokens in, five out. */
    static String saying(String text) {
        return begins().text(text).ends("end_turn");
    }

    Speech event(String name, String data) {
        events.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
        return this;
    }

    /** A block as its start and the deltas give it; all of them JSON as it stands. */
    Speech block(String start, String... deltas) {
        event("content_block_start", "{\"type\":\"content_block_start\",\"index\":" + blocks + ",\"content_block\":"
                + start + "}");
        for (var delta : deltas) {
            event("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":" + blocks + ",\"delta\":"
                    + delta + "}");
        }
        event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + blocks + "}");
        blocks++;
        return this;
    }

    Speech text(String... pieces) {
        var deltas = new String[pieces.length];
        for (int i = 0; i < pieces.length; i++) {
            deltas[i] = "{\"type\":\"text_delta\",\"text\":" + quoted(pieces[i]) + "}";
        }
        return block("{\"type\":\"text\",\"text\":\"\"}", deltas);
    }

    Speech tool(String id, String name, String... inputPieces) {
        var deltas = new String[inputPieces.length];
        for (int i = 0; i < inputPieces.length; i++) {
            deltas[i] = "{\"type\":\"input_json_delta\",\"partial_json\":" + quoted(inputPieces[i]) + "}";
        }
        return block("{\"type\":\"tool_use\",\"id\":" + quoted(id) + ",\"name\":" + quoted(name) + ",\"input\":{}}",
                deltas);
    }

    /** Five output tokens. */
    String ends(String stopReason) {
        return ends("{\"stop_reason\":" + quoted(stopReason) + ",\"stop_sequence\":null}", "{\"output_tokens\":5}");
    }

    String ends(String delta, String usage) {
        event("message_delta", "{\"type\":\"message_delta\",\"delta\":" + delta + ",\"usage\":" + usage + "}");
        return event("message_stop", "{\"type\":\"message_stop\"}").soFar();
    }

    String soFar() {
        return events.toString();
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
