package dev.handloom.session.stream;

import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.session.read.EventView;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One server-sent event, before it is bytes (contract/events.md §9). */
sealed interface Frame {
    /** A stored event. Turned into bytes once, by whoever sends it first, for all who watch. */
    final class Stored implements Frame {
        private static final byte[] HIDDEN = new byte[0];

        private final long position;
        private final SessionEvent event;
        private final SessionLog log;
        private volatile byte @Nullable [] bytes;

        Stored(SessionLog.Entry entry, SessionLog log) {
            this.position = entry.position();
            this.event = entry.event();
            this.log = log;
        }

        long position() {
            return position;
        }

        SessionEvent event() {
            return event;
        }

        /** Empty for an event that the API does not show. */
        byte[] bytes() {
            var ready = bytes;
            if (ready == null) {
                var shown = erased() ? null : EventView.of(event, this::at);
                ready = shown == null ? HIDDEN : Frame.bytes(shown, "id: " + position + "\n");
                bytes = ready;
            }
            return ready;
        }

        /** The session was deleted, and with it what this event speaks of. */
        private boolean erased() {
            return event instanceof SessionEvent.InputTaken taken
                    && !(at(taken.receivedAt()) instanceof SessionEvent.InputReceived);
        }

        private @Nullable SessionEvent at(long place) {
            var found = log.slice(event.sessionId(), place, 1);
            return found.isEmpty() ? null : found.getFirst().event();
        }

        /** Whether nothing can follow it. */
        boolean last() {
            return event instanceof SessionEvent.StatusTerminated || event instanceof SessionEvent.Deleted;
        }
    }

    /** @param behind the position that was offered last before it */
    record Glimpse(Preview preview, long behind) implements Frame {
        byte[] bytes() {
            var json = JsonMapper.shared().createObjectNode();
            switch (preview) {
                case Preview.Started started -> json.put("type", "event_start")
                        .putObject("event")
                        .put("type", started.type())
                        .put("id", started.eventId());
                case Preview.TextAdded added -> json.put("type", "event_delta")
                        .put("event_id", added.eventId())
                        .putObject("delta")
                        .put("type", "content_delta")
                        .put("index", 0)
                        .putObject("content")
                        .put("type", "text")
                        .put("text", added.text());
            }
            return Frame.bytes(json, "");
        }
    }

    /** The server goes away. */
    record End() implements Frame {}

    byte[] PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n".getBytes(StandardCharsets.UTF_8);

    private static byte[] bytes(ObjectNode json, String idLine) {
        return ("event: " + json.path("type").asString() + "\n" + idLine + "data: "
                + JsonMapper.shared().writeValueAsString(json) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
