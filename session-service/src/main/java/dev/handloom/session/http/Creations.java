package dev.handloom.session.http;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The session that a request creates, or has created before: with an idempotency key its id follows from the key, and the
 * key and the body stand in its log from the same commit on.
 */
@Component
class Creations {
    private final SessionLog log;
    private final Clock clock;

    Creations(SessionLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * @param request what the log is to remember, null without a key
     * @param isNew   whether the session is still to be created
     */
    record Place(SessionId id, SessionCommand.@Nullable Request request, boolean isNew) {}

    /** @param recordedAt the position at which such a session's log says what request created it */
    Place find(Once once, String kind, Fields body, long recordedAt) {
        if (!once.given()) {
            return new Place(new SessionId(once.id("sesn_", kind, 0)), null, true);
        }
        var request = new SessionCommand.Request(once.digest(kind), Once.digest(body));
        for (int generation = 0;; generation++) {
            var id = new SessionId(once.id("sesn_", kind, generation));
            long head = log.head(id);
            if (head == 0) {
                return new Place(id, request, true);
            }
            var there = log.slice(id, Math.min(recordedAt, head), 1).getFirst().event();
            if (!isOld(there.at())) {
                if (there instanceof SessionEvent.RequestRecorded recorded && recorded.equals(
                        new SessionEvent.RequestRecorded(id, request.key(), request.body(), recorded.receipts(),
                                recorded.at()))) {
                    return new Place(id, request, false);
                }
                throw Once.used();
            }
        }
    }

    private boolean isOld(Instant at) {
        return at.isBefore(clock.instant().minus(Once.KEPT));
    }
}
