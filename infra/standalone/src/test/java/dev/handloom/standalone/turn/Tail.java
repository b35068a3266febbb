package dev.handloom.standalone.turn;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** An open event stream. It is open when this has been made. */
final class Tail implements AutoCloseable {
    /** Marks the stream's end in the queue. */
    private static final JsonNode END = JsonNodeFactory.instance.stringNode("end");

    private final HttpResponse<Stream<String>> response;
    private final BlockingQueue<JsonNode> events = new LinkedBlockingQueue<>();

    Tail(Client client, String path) {
        try {
            response = client.http().send(client.to(path).build(), BodyHandlers.ofLines());
        } catch (IOException | InterruptedException refused) {
            throw new AssertionError(refused);
        }
        if (response.statusCode() != 200) {
            throw new AssertionError("the stream was refused: " + response.body().toList());
        }
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (var lines = response.body()) {
            lines.filter(line -> line.startsWith("data: "))
                    .forEach(
                            line -> events.add(JsonMapper.shared().readTree(line.substring("data: ".length()))));
        } catch (RuntimeException _) {
            // Cut: an end like any other.
        }
        events.add(END);
    }

    /** The next event; pings are passed over. */
    JsonNode next() {
        long deadline = System.nanoTime() + ModelServer.PATIENCE.toNanos();
        while (true) {
            try {
                var next = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new AssertionError("no event came");
                }
                if (next.equals(END)) {
                    throw new AssertionError("the stream ended");
                }
                if (!type(next).equals("ping")) {
                    return next;
                }
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
        }
    }

    /** The events up to and including the first of this type. */
    List<JsonNode> until(String type) {
        return until(event -> type(event).equals(type));
    }

    List<JsonNode> until(Predicate<JsonNode> last) {
        var seen = new ArrayList<JsonNode>();
        while (true) {
            try {
                seen.add(next());
            } catch (AssertionError stuck) {
                throw new AssertionError(stuck.getMessage() + ", after " + types(seen), stuck);
            }
            if (last.test(seen.getLast())) {
                return seen;
            }
        }
    }

    List<JsonNode> untilIdle() {
        return until("session.status_idle");
    }

    static String type(JsonNode event) {
        return event.path("type").asString("");
    }

    static List<String> types(List<JsonNode> events) {
        return events.stream().map(Tail::type).toList();
    }

    /** The only one of its type. */
    static JsonNode only(String type, List<JsonNode> events) {
        var found = all(type, events);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + type + ", not " + found.size() + ": " + types(events));
        }
        return found.getFirst();
    }

    static List<JsonNode> all(String type, List<JsonNode> events) {
        return events.stream().filter(event -> type(event).equals(type)).toList();
    }

    @Override
    public void close() {
        response.body().close();
    }
}
