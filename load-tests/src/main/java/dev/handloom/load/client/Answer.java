package dev.handloom.load.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole answer. */
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record Answer(int status, byte[] body) {
    /** @throws IOException for any status but 200, with what the server said */
    Answer orFail(String request) throws IOException {
        if (status != 200) {
            throw new IOException(
                    request + " was answered " + status + ": " + new String(body, StandardCharsets.UTF_8));
        }
        return this;
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }
}
