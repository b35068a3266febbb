package dev.handloom.session.fork;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.log.RawLog;
import dev.handloom.session.write.EventIds;
import dev.handloom.session.write.ForkRules;
import dev.handloom.session.write.SessionState;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.common.IdentifierFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Copies the beginning of a session's log under a new name and closes what was open there, all in one append. The ids
 * that the API shows (events, tool calls, the thread) stay as they are: each is unique within its session. Every entry is
 * marked with the origin, so that nobody does again what it says.
 */
@Component
public class Forks {
    static final int EVENTS_MAX = 100_000;
    static final long BYTES_MAX = 256L << 20;
    private static final int SLICE = 500;
    private static final long SLICE_BYTES = 8L << 20;

    private final RawLog log;
    private final EventIds ids;
    private final Clock clock;

    Forks(RawLog log, EventIds ids, Clock clock) {
        this.log = log;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * @param origin  the state at the end of what is copied
     * @param request of a client who may repeat it, or null
     * @return false when there is a session of that name already
     * @throws Problem when there is too much to copy
     */
    public boolean fork(
            SessionState origin,
            SessionId fork,
            @Nullable String title,
            Map<String, String> metadata,
            SessionCommand.@Nullable Request request
    ) {
        if (origin.position() > EVENTS_MAX) {
            throw tooMuch("has " + origin.position() + " events up to there");
        }
        var mark = Map.of(SessionLog.COPIED_FROM, origin.id().value());
        var entries = copied(origin, fork, mark);
        long place = origin.position();
        for (var event : ForkRules.after(origin, fork, title, metadata, request, ids, clock.instant())) {
            entries.add(log.write(++place, newId(), event, mark));
        }
        return log.begin(fork, entries);
    }

    private List<RawLog.Raw> copied(SessionState origin, SessionId fork, Map<String, String> mark) {
        var entries = new ArrayList<RawLog.Raw>();
        long bytes = 0;
        while (entries.size() < origin.position()) {
            int wanted = (int) Math.min(SLICE, origin.position() - entries.size());
            var slice = log.slice(origin.id(), entries.size() + 1L, wanted, SLICE_BYTES);
            if (slice.isEmpty()) {
                throw Problem.missing("session " + origin.id() + " was not found");
            }
            for (var raw : slice) {
                bytes += raw.bytes();
                if (bytes > BYTES_MAX) {
                    throw tooMuch("is longer than " + BYTES_MAX + " bytes up to there");
                }
                var payload = (ObjectNode) ExactJson.read(raw.payload());
                payload.put("sessionId", fork.value());
                entries.add(new RawLog.Raw(raw.position(), newId(), raw.storedType(), raw.revision(), raw.at(), mark,
                        new Json(payload.toString()), 0, null));
            }
        }
        return entries;
    }

    private static String newId() {
        return IdentifierFactory.getInstance().generateIdentifier();
    }

    private static Problem tooMuch(String what) {
        return Problem.invalid("at", "the log " + what + "; a fork copies at most " + EVENTS_MAX + " events and "
                + BYTES_MAX + " bytes");
    }
}
