package dev.handloom.load.client;

import dev.handloom.load.client.EventStream.Event;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;

/** One session and its stream. For one thread, which sends and then reads the stream to the end of the turn. */
public final class Conversation implements AutoCloseable {
    private final String session;
    private final Connection connection;
    private final EventStream stream;

    Conversation(URI server, String key, String session) throws IOException {
        this.session = session;
        this.connection = new Connection(server, key);
        this.stream = new EventStream(server, key, session);
    }

    public String session() {
        return session;
    }

    /**
     * Both from just before the request is sent.
     *
     * @param firstAgentEvent nanoseconds until the first {@code agent.…} event was read from the stream
     * @param whole           nanoseconds until {@code session.status_idle} was read from it
     */
    public record Turn(long firstAgentEvent, long whole) {}

    public Turn turn(Message message) throws IOException {
        return turn(message, (_, _) -> {});
    }

    /** Told of each event while the turn goes on; what it does counts into the turn. */
    @FunctionalInterface
    public interface Watch {
        /** @throws IOException ends the turn, and with it the measurement */
        void see(String type, String data) throws IOException;
    }

    /**
     * The stream is read before the request's own answer, so that neither waits for the other.
     *
     * @throws IOException also when the turn met an error, or did not end within a minute of silence
     */
    public Turn turn(Message message, Watch watch) throws IOException {
        long start = System.nanoTime();
        connection.send("POST", "/v1/sessions/" + session + "/events", message.body());
        long first = 0;
        Event event;
        do {
            event = next();
            if (first == 0 && event.type().startsWith("agent.")) {
                first = System.nanoTime() - start;
            }
            watch.see(event.type(), event.data());
        } while (!event.type().equals("session.status_idle"));
        var turn = new Turn(first, System.nanoTime() - start);
        connection.receive().orFail("POST of a message");
        return turn;
    }

    private Event next() throws IOException {
        try {
            var event = stream.next();
            if (event.type().equals("session.error")) {
                throw new IOException("the turn met an error: " + event.data());
            }
            return event;
        } catch (SocketTimeoutException silent) {
            connection.receive().orFail("POST of a message");
            throw silent;
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
        stream.close();
    }
}
