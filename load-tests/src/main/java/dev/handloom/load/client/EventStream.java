package dev.handloom.load.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;

/** A session's live stream, read by one thread. */
public final class EventStream implements AutoCloseable {
    /** Many streams are open at once, and their events are short. */
    private static final int BUFFER_BYTES = 4 << 10;

    private final String session;
    private final Connection connection;
    private final InputStream in;

    EventStream(URI server, String key, String session) throws IOException {
        this.session = session;
        connection = new Connection(server, key, BUFFER_BYTES);
        connection.send("GET", "/v1/sessions/" + session + "/events/stream", null);
        in = connection.receiveStream();
    }

    /**
     * @param position in the session's log; 0 for what is not in it
     * @param data     the event's JSON, not yet read
     */
    public record Event(String type, long position, String data) {}

    public String session() {
        return session;
    }

    /** Waits for the next event, at most a minute; pings are passed over. */
    public Event next() throws IOException {
        while (true) {
            var type = "";
            var data = "";
            long position = 0;
            for (var line = Connection.line(in); !line.isEmpty(); line = Connection.line(in)) {
                if (line.startsWith("event: ")) {
                    type = line.substring("event: ".length());
                } else if (line.startsWith("id: ")) {
                    position = Long.parseLong(line.substring("id: ".length()));
                } else if (line.startsWith("data: ")) {
                    data = line.substring("data: ".length());
                }
            }
            if (!type.isEmpty() && !type.equals("ping")) {
                return new Event(type, position, data);
            }
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
