package dev.handloom.load.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** A session's live stream, read by one thread. */
final class EventStream implements AutoCloseable {
    private final Connection connection;
    private final InputStream in;

    EventStream(URI server, String key, String session) throws IOException {
        connection = new Connection(server, key);
        connection.send("GET", "/v1/sessions/" + session + "/events/stream", null);
        in = connection.receiveStream();
    }

    /** @param data the event's JSON, not yet read */
    record Event(String type, String data) {}

    /** Waits for the next event, at most a minute; pings are passed over. */
    Event next() throws IOException {
        while (true) {
            var type = "";
            var data = "";
            for (var line = Connection.line(in); !line.isEmpty(); line = Connection.line(in)) {
                if (line.startsWith("event: ")) {
                    type = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                }
            }
            if (!type.isEmpty() && !type.equals("ping")) {
                return new Event(type, data);
            }
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
