package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.turn.Client.Talk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client that watches and does not read: nobody waits for it, and it misses nothing. */
class SlowClientTest {
    /** Of these, far more than all buffers between the server and a client hold. */
    private static final String LONG_TEXT = "word ".repeat(20_000);
    private static final int MESSAGES = 150;

    private static final ModelServer MODEL = new ModelServer();
    private static final Running PLATFORM = Running.with(MODEL);

    @AfterAll
    static void stop() throws IOException {
        PLATFORM.close();
        MODEL.close();
    }

    /** An open stream of which nothing is read yet. */
    private static Socket watch(Talk talk, String query) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(Math.toIntExact(ModelServer.PATIENCE.toMillis()));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PLATFORM.port()));
        socket.getOutputStream()
                .write(("GET " + talk.path() + "/events/stream" + query + " HTTP/1.0\r\nhost: localhost\r\n"
                        + "x-api-key: " + Running.KEY + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head).startsWith("HTTP/1.1 200");
        return socket;
    }

    /** Everything up to an event of this type, or the end. */
    private static List<JsonNode> read(Socket socket, String last) throws IOException {
        var events = new ArrayList<JsonNode>();
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                var event = JsonMapper.shared().readTree(line.substring("data: ".length()));
                if (!Tail.type(event).equals("ping")) {
                    events.add(event);
                }
                if (Tail.type(event).equals(last)) {
                    return events;
                }
            }
        }
        return events;
    }

    /** Many turns whose events are long. */
    private static void talkOnAndOn(Talk talk) {
        MODEL.otherwise(ModelServer.streamed(Speech.begins().text("yes, ", "yes").ends("end_turn")));
        try (var tail = talk.watch()) {
            for (int i = 0; i < MESSAGES; i++) {
                talk.say(LONG_TEXT);
                tail.untilIdle();
            }
        }
    }

    @Test
    void it_gets_every_event_in_order_once_it_reads() throws IOException {
        var talk = PLATFORM.client().talk();
        try (var slow = watch(talk, "?event_deltas%5B%5D=agent.message")) {
            talkOnAndOn(talk);
            talk.client().post(talk.path() + "/archive", "");
            var seen = read(slow, "session.status_terminated");

            assertThat(seen).filteredOn(event -> !Tail.type(event).startsWith("event_"))
                    .containsExactlyElementsOf(talk.history());
            assertPreviewsAreBeginnings(seen);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void assertPreviewsAreBeginnings(List<JsonNode> seen) {
        var shown = new HashMap<String, StringBuilder>();
        var over = new HashSet<String>();
        for (var event : seen) {
            switch (Tail.type(event)) {
                case "event_start" -> {
                    var id = event.at("/event/id").asString();
                    assertThat(over).as("a preview after its event").doesNotContain(id);
                    assertThat(shown.put(id, new StringBuilder())).isNull();
                }
                case "event_delta" -> {
                    var id = event.path("event_id").asString();
                    assertThat(over).as("a preview after its event").doesNotContain(id);
                    var text = shown.get(id);
                    if (text == null) {
                        throw new AssertionError("a preview that did not begin: " + event);
                    }
                    text.append(event.at("/delta/content/text").asString());
                }
                case "agent.message" -> {
                    var text = shown.remove(event.path("id").asString());
                    over.add(event.path("id").asString());
                    assertThat(event.at("/content/0/text").asString()).startsWith(text == null ? "" : text.toString());
                }
                default -> {}
            }
        }
    }

    @Test
    void when_the_session_is_deleted_meanwhile_it_learns_of_the_end() throws IOException {
        var talk = PLATFORM.client().talk();
        try (var slow = watch(talk, "")) {
            talkOnAndOn(talk);
            var request = talk.client().to(talk.path()).DELETE().build();
            assertThat(talk.client().http().send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);

            assertThat(Tail.type(read(slow, "session.deleted").getLast())).isEqualTo("session.deleted");
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }
}
