package dev.handloom.session.export;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.RawLog;
import dev.handloom.session.write.SessionState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold of a log, told event by event. Keeps the ids of all events, some hundred bytes for each. */
final class Audit {
    private final RawLog log;
    private final SessionId session;
    private final Set<String> ids = new HashSet<>();
    private long position;
    private Instant last = Instant.MIN;
    private @Nullable SessionState state;

    Audit(RawLog log, SessionId session) {
        this.log = log;
        this.session = session;
    }

    /** The state after the events so far; null before the first. */
    @Nullable
    SessionState state() {
        return state;
    }

    /** @return what is wrong with the next event, or null */
    @Nullable
    String add(RawLog.Raw raw) {
        if (raw.position() != position + 1) {
            return "position " + raw.position() + " stands where " + (position + 1) + " must be";
        }
        position = raw.position();
        if (!ids.add(raw.id())) {
            return "the id " + raw.id() + " has been there before";
        }
        Optional<SessionEvent> read;
        try {
            read = log.read(session, raw);
        } catch (RuntimeException illegible) {
            return "its payload cannot be read as " + raw.storedType() + ": " + firstLine(illegible);
        }
        return read.isEmpty()
                ? "the type " + raw.storedType() + " is not known to this version"
                : add(read.get());
    }

    private @Nullable String add(SessionEvent event) {
        if (!event.sessionId().equals(session)) {
            return "it belongs to session " + event.sessionId() + ", not to " + session;
        }
        if (event.at().isBefore(last)) {
            return "its time, " + event.at() + ", is before that of the event before it, " + last;
        }
        last = event.at();
        try {
            state = SessionState.fold(state, event);
        } catch (RuntimeException impossible) {
            return "it cannot follow what is before it: " + firstLine(impossible);
        }
        return state.deleted() ? "the session was deleted" : null;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
