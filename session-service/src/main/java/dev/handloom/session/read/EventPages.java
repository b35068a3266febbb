package dev.handloom.session.read;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.session.write.SessionState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * The history of a session, page by page, as the API orders it: by processing, which is by position, then what still
 * waits in the queue (contract/open-questions.md A3).
 */
@Component
public class EventPages {
    /** The most entries of the log one page looks at; a page may hold less than asked for, and still not be the last. */
    private static final int LOOKED_AT_MAX = 10_000;
    /** Queued inputs are numbered from here on: behind every position. */
    private static final long QUEUE = 1L << 60;

    private final SessionLog log;

    EventPages(SessionLog log) {
        this.log = log;
    }

    /** @param types all, when empty; the bounds compare {@code processed_at} */
    public record Filter(
            Set<String> types,
            @Nullable Instant after,
            @Nullable Instant from,
            @Nullable Instant before,
            @Nullable Instant upTo
    ) {
        private boolean wants(ObjectNode event, @Nullable Instant at) {
            return (types.isEmpty() || types.contains(event.path("type").asString()))
                    && (!bounded() || (at != null && within(at)));
        }

        private boolean bounded() {
            return after != null || from != null || before != null || upTo != null;
        }

        private boolean within(Instant at) {
            return (after == null || at.isAfter(after)) && (from == null || !at.isBefore(from))
                    && (before == null || at.isBefore(before)) && (upTo == null || !at.isAfter(upTo));
        }
    }

    /** @param last the place of the last event looked at; null when nothing follows */
    public record Page(List<ObjectNode> events, @Nullable Long last) {}

    /**
     * @param beyond the place after which the page begins, as an earlier page's {@code last}; null for the beginning
     * @param limit  1 or more
     */
    public Page page(SessionState state, Filter filter, boolean ascending, @Nullable Long beyond, int limit) {
        return ascending
                ? ascending(state, filter, beyond == null ? 0 : beyond, limit)
                : descending(state, filter, beyond == null ? Long.MAX_VALUE : beyond, limit);
    }

    private Page ascending(SessionState state, Filter filter, long beyond, int limit) {
        var events = new ArrayList<ObjectNode>();
        long place = beyond;
        int looked = 0;
        while (place < QUEUE) {
            var slice = log.slice(state.id(), place + 1, SessionLog.SLICE_MAX);
            for (var entry : slice) {
                place = entry.position();
                add(entry.event(), filter, events);
                if (events.size() == limit || ++looked == LOOKED_AT_MAX) {
                    return new Page(events, place);
                }
            }
            if (slice.size() < SessionLog.SLICE_MAX) {
                break;
            }
        }
        for (long queuedAt : state.queuedAt()) {
            if (QUEUE + queuedAt > place) {
                place = QUEUE + queuedAt;
                addQueued(state.id(), queuedAt, filter, events);
                if (events.size() == limit) {
                    return new Page(events, place);
                }
            }
        }
        return new Page(events, null);
    }

    private Page descending(SessionState state, Filter filter, long beyond, int limit) {
        var events = new ArrayList<ObjectNode>();
        for (long queuedAt : state.queuedAt().reversed()) {
            long place = QUEUE + queuedAt;
            if (place < beyond) {
                addQueued(state.id(), queuedAt, filter, events);
                if (events.size() == limit) {
                    return new Page(events, place);
                }
            }
        }
        long end = Math.min(beyond, log.head(state.id()) + 1);
        int looked = 0;
        while (end > 1) {
            long start = Math.max(1, end - SessionLog.SLICE_MAX);
            for (var entry : log.slice(state.id(), start, (int) (end - start)).reversed()) {
                add(entry.event(), filter, events);
                if (events.size() == limit || ++looked == LOOKED_AT_MAX) {
                    return new Page(events, entry.position() == 1 ? null : entry.position());
                }
            }
            end = start;
        }
        return new Page(events, null);
    }

    private void add(SessionEvent event, Filter filter, List<ObjectNode> events) {
        if (event instanceof SessionEvent.InputReceived received && received.queued()) {
            return; // Shown where it was taken up, or at the end while it waits.
        }
        var shown = EventView.of(event, at -> log.slice(event.sessionId(), at, 1).getFirst().event());
        if (shown != null && filter.wants(shown, event.at())) {
            events.add(shown);
        }
    }

    private void addQueued(SessionId session, long position, Filter filter, List<ObjectNode> events) {
        var received = (SessionEvent.InputReceived) log.slice(session, position, 1).getFirst().event();
        var shown = EventView.input(received.id(), received.input(), null);
        if (filter.wants(shown, null)) {
            events.add(shown);
        }
    }
}
