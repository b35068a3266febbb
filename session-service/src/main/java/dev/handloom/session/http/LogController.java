package dev.handloom.session.http;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.kit.log.RawLog;
import dev.handloom.session.read.Rewinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The log itself, and what a session was at a position of it (docs/POSITIONS.md). */
@RestController
@RequestMapping("/handloom/v1/sessions/{id}")
class LogController {
    private static final int LIMIT = 100;
    private static final int LIMIT_MAX = 1000;
    /** A slice ends with the event that reaches this, in bytes of payload. */
    private static final long SLICE_BYTES_MAX = 8L << 20;
    /** The most events one slice looks at when it is asked for some types only. */
    private static final int LOOKED_AT_MAX = 10_000;
    private static final int LOOK = 200;

    private final Desk desk;
    private final RawLog log;
    private final Rewinds rewinds;

    LogController(Desk desk, RawLog log, Rewinds rewinds) {
        this.desk = desk;
        this.log = log;
        this.rewinds = rewinds;
    }

    /** @param next the position at which the next slice begins; null when nothing follows */
    record Slice(List<ObjectNode> data, @Nullable Long next, long head) {}

    @GetMapping("/log")
    Slice slice(@PathVariable String id, Query query) {
        var session = Desk.id(id);
        long head = LogLine.requireThere(log, session);
        var order = query.one("order");
        if (order != null && !Set.of("asc", "desc").contains(order)) {
            throw Problem.invalid("order", "must be asc or desc, not \"" + order + "\"");
        }
        boolean ascending = !"desc".equals(order);
        var given = query.integer("from", 1, Long.MAX_VALUE);
        var limit = query.integer("limit", 1, LIMIT_MAX);
        long from = given == null ? (ascending ? 1 : head) : given;
        return new Gathering(Set.copyOf(query.all("types")), limit == null ? LIMIT : limit.intValue())
                .gather(session, ascending ? from : Math.min(from, head), ascending ? 1 : -1, head);
    }

    /** A slice that fills up. */
    private final class Gathering {
        private final Set<String> types;
        private final int limit;
        private final List<ObjectNode> found = new ArrayList<>();
        private long bytes;

        Gathering(Set<String> types, int limit) {
            this.types = types;
            this.limit = limit;
        }

        Slice gather(SessionId session, long from, int step, long head) {
            long place = from;
            while (place >= 1 && place <= head && Math.abs(place - from) < LOOKED_AT_MAX) {
                int wanted = types.isEmpty() ? limit - found.size() : LOOK;
                long first = step > 0 ? place : Math.max(1, place - wanted + 1);
                int count = (int) (step > 0 ? Math.min(wanted, head - place + 1) : place - first + 1);
                var raws = log.slice(session, first, count, step > 0 ? SLICE_BYTES_MAX : Long.MAX_VALUE);
                for (var raw : step > 0 ? raws : raws.reversed()) {
                    add(raw);
                    place = raw.position() + step;
                    if (found.size() == limit || bytes >= SLICE_BYTES_MAX) {
                        return slice(place, head);
                    }
                }
                if (raws.isEmpty()) {
                    break; // Erased meanwhile.
                }
            }
            return slice(place, head);
        }

        private Slice slice(long place, long head) {
            return new Slice(found, place >= 1 && place <= head ? place : null, head);
        }

        private void add(RawLog.Raw raw) {
            bytes += raw.bytes();
            var line = LogLine.of(raw);
            if (types.isEmpty() || types.contains(line.path("type").asString(""))) {
                found.add(line);
            }
        }
    }

    @GetMapping("/state")
    ObjectNode state(@PathVariable String id, Query query) {
        var now = desk.find(id);
        long at = position(query.one("at"), now.position());
        var then = at == now.position() ? now : rewinds.at(now.id(), at).orElseThrow(() -> Desk.missing(id));
        return StateView.of(then, now.position(), rewinds.trace(now.id(), at));
    }

    private static long position(@Nullable String given, long head) {
        try {
            long at = given == null ? head : Long.parseLong(given);
            requireWithin(at, head);
            return at;
        } catch (NumberFormatException _) {
            throw outside(given, head);
        }
    }

    static void requireWithin(long at, long head) {
        if (at < 1 || at > head) {
            throw outside(at, head);
        }
    }

    private static Problem outside(@Nullable Object at, long head) {
        return Problem.invalid("at", "must be a position from 1 to the head of the log, which is " + head + ", not "
                + at);
    }
}
