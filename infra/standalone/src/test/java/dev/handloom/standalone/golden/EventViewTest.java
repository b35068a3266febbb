package dev.handloom.standalone.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.session.read.EventView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every stored event in the shape the API gives it (contract/events.md §2, §3), against an approved file. */
class EventViewTest {
    private static final Path RECEIVED = Path.of("target", "received-event-views.txt");

    @Test
    void every_stored_event_is_shown_as_approved() throws IOException {
        var shown = new ArrayList<String>();
        String heading = "";
        for (var form : StoredEventsTest.events()) {
            for (var event : form.values()) {
                if (event instanceof SessionEvent stored) {
                    if (!heading.equals(form.toString())) {
                        heading = form.toString();
                        shown.add(heading);
                    }
                    shown.add("    " + show(stored));
                }
            }
        }
        Files.write(RECEIVED, shown);
        var approved = Form.lines("event-views.txt").stream().filter(line -> !line.startsWith("#")).toList();
        assertThat(shown).as("what the API shows now is in %s", RECEIVED.toAbsolutePath()).isEqualTo(approved);
    }

    private static String show(SessionEvent event) {
        var view = EventView.of(event, position -> received(event, position));
        return view == null ? "not shown" : view.toString();
    }

    /** The input that an {@code input_taken} refers to. */
    private static SessionEvent received(SessionEvent taken, long position) {
        assertThat(position).isEqualTo(((SessionEvent.InputTaken) taken).receivedAt());
        return new SessionEvent.InputReceived(taken.sessionId(), "sevt_01",
                new Input.Message(new Json("[{\"type\":\"text\",\"text\":\"queued\"}]")), true, taken.at());
    }

    @Test
    void every_shown_event_has_an_id_a_type_and_a_time_or_a_null_in_its_place() {
        List<SessionEvent> events = new ArrayList<>();
        StoredEventsTest.events().forEach(form -> form.values().forEach(event -> {
            if (event instanceof SessionEvent stored) {
                events.add(stored);
            }
        }));
        for (var event : events) {
            var view = EventView.of(event, position -> received(event, position));
            if (view != null) {
                assertThat(view.path("id").asString()).startsWith("sevt_");
                assertThat(view.path("type").asString()).contains(".");
                assertThat(view.has("processed_at")).isTrue();
                assertThat(view.path("processed_at").isNull())
                        .isEqualTo(event instanceof SessionEvent.InputReceived received && received.queued());
            }
        }
    }
}
