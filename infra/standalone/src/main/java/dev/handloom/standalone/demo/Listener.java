package dev.handloom.standalone.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads server-sent events (contract/events.md §9). May be closed by another thread. */
final class Listener implements AutoCloseable {
    private static final String DATA = "data:";

    private final InputStream bytes;
    private final BufferedReader lines;

    Listener(InputStream bytes) {
        this.bytes = bytes;
        this.lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    /** Waits for the next event; pings are passed over. Null when the stream has ended. */
    @Nullable
    JsonNode next() throws IOException {
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(DATA)) {
                data.append(line, DATA.length(), line.length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                var event = JsonMapper.shared().readTree(data.toString());
                if (!event.path("type").asString("").equals("ping")) {
                    return event;
                }
                data.setLength(0);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
