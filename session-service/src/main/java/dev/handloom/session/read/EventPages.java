package dev.handloom.session.read;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.Query.TimeRange;
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

    /** @param types all, when empty; the times compare {@code processed_at}, which what is queued has not */
    public record Filter(Set<String> types, TimeRange times) {
        private boolean wants(ObjectNode event, @Nullable Instant at) {
            return (types.isEmpty() || types.contains(event.path("type").asString()))
                    && (at == null ? times.unbounded() : times.contains(at));
        }
    }

    /**
     * A place in the history.
     *
     * @param at when it was processed; what is queued comes after all time
     */
    public record Place(long number, Instant at) {}

    /** @param last the place after which the next page begins; null when nothing follows */
    public record Page(List<ObjectNode> events, @Nullable Place last) {}

    /**
     * @param state  the page shows what it knows, so that nothing stands in it twice, once queued and once processed
     * @param beyond the number of the place after which the page begins; null for the beginning
     * @param limit  1 or more
     */
    public Page page(SessionState state, Filter filter, boolean ascending, @Nullable Long beyond, int limit) {
        var gathering = new Gathering(filter, limit);
        if (ascending) {
            ascending(state, beyond == null ? 0 : beyond, gathering);
        } else {
            descending(state, beyond == null ? Long.MAX_VALUE : beyond, gathering);
        }
        return gathering.page();
    }

    private void ascending(SessionState state, long beyond, Gathering gathering) {
        long place = beyond;
        while (place < state.position()) {
            int ahead = (int) Math.min(SessionLog.SLICE_MAX, state.position() - place);
            var slice = log.slice(state.id(), place + 1, ahead);
            for (var entry : slice) {
                if (gathering.full(entry)) {
                    return;
                }
            }
            place = slice.isEmpty() ? state.position() : slice.getLast().position();
        }
        for (long queuedAt : state.queuedAt()) {
            if (QUEUE + queuedAt > beyond && gathering.fullWithQueued(state.id(), queuedAt)) {
                return;
            }
        }
    }

    private void descending(SessionState state, long beyond, Gathering gathering) {
        for (long queuedAt : state.queuedAt().reversed()) {
            if (QUEUE + queuedAt < beyond && gathering.fullWithQueued(state.id(), queuedAt)) {
                return;
            }
        }
        long end = Math.min(beyond, state.position() + 1);
        while (end > 1) {
            var slice = log.sliceBack(state.id(), end - 1, SessionLog.SLICE_MAX);
            for (var entry : slice) {
                if (gathering.full(entry)) {
                    return;
                }
            }
            end = slice.isEmpty() ? 1 : slice.getLast().position();
        }
    }

    /** A page that fills up. It looks one event further than it holds, to know whether there is more. */
    private final class Gathering {
        private final Filter filter;
        private final int limit;
        private final List<ObjectNode> events = new ArrayList<>();
        private @Nullable Place last;
        private int looked;
        private boolean more;

        Gathering(Filter filter, int limit) {
            this.filter = filter;
            this.limit = limit;
        }

        boolean full(SessionLog.Entry entry) {
            var event = entry.event();
            var place = new Place(entry.position(), event.at());
            if (event instanceof SessionEvent.InputReceived received && received.queued()) {
                return full(null, place); // Shown where it was taken up, or at the end while it waits.
            }
            var shown = EventView.of(event, at -> log.slice(event.sessionId(), at, 1).getFirst().event());
            return full(shown != null && filter.wants(shown, event.at()) ? shown : null, place);
        }

        boolean fullWithQueued(SessionId session, long position) {
            var received = (SessionEvent.InputReceived) log.slice(session, position, 1).getFirst().event();
            var shown = EventView.input(received.id(), received.input(), null);
            return full(filter.wants(shown, null) ? shown : null, new Place(QUEUE + position, Instant.MAX));
        }

        private boolean full(@Nullable ObjectNode shown, Place place) {
            if (shown != null && events.size() == limit) {
                more = true;
                return true;
            }
            if (shown != null) {
                events.add(shown);
            }
            last = place;
            more = ++looked == LOOKED_AT_MAX;
            return more;
        }

        Page page() {
            return new Page(events, more ? last : null);
        }
    }
}
