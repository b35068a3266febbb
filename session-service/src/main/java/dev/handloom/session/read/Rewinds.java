package dev.handloom.session.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.session.write.SessionState;
import dev.handloom.session.write.Snapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A session as it was at any position: the nearest state that is known from before, and the events since. A session has a
 * snapshot every 500 events; what was folded on the way is kept too, because a fork has no snapshots of its past.
 */
@Component
public class Rewinds {
    private static final int CHECKPOINTS_EVERY = 500;
    /** Over all sessions; a state is some kilobytes. */
    private static final int CHECKPOINTS_MAX = 4096;
    /** How far back the latest tool call and model request are looked for. */
    static final int TRACE_MAX = 500;

    private record Place(SessionId session, long position) {}

    private final SessionLog log;
    private final Snapshots snapshots;
    private final Cache<Place, SessionState> checkpoints = Caffeine.newBuilder().maximumSize(CHECKPOINTS_MAX).build();

    Rewinds(SessionLog log, Snapshots snapshots) {
        this.log = log;
        this.snapshots = snapshots;
    }

    /**
     * @param position from 1 to the head of the log
     * @return empty when the log does not reach that far
     */
    public Optional<SessionState> at(SessionId session, long position) {
        var state = before(session, position);
        while (state == null || state.position() < position) {
            long next = state == null ? 1 : state.position() + 1;
            int wanted = (int) Math.min(CHECKPOINTS_EVERY, position - next + 1);
            var slice = log.slice(session, next, wanted);
            for (var entry : slice) {
                state = SessionState.fold(state, entry.event());
                if (state.position() % CHECKPOINTS_EVERY == 0) {
                    checkpoints.put(new Place(session, state.position()), state);
                }
            }
            if (slice.size() < wanted) {
                return Optional.empty(); // Erased meanwhile.
            }
        }
        return Optional.of(state);
    }

    private @Nullable SessionState before(SessionId session, long position) {
        long nearest = position - position % CHECKPOINTS_EVERY;
        var kept = nearest == 0 ? null : checkpoints.getIfPresent(new Place(session, nearest));
        if (kept != null) {
            return kept;
        }
        var snapshot = snapshots.upTo(session, position).orElse(null);
        long since = snapshot == null ? 0 : snapshot.position();
        for (long place = nearest; place > since; place -= CHECKPOINTS_EVERY) {
            kept = checkpoints.getIfPresent(new Place(session, place));
            if (kept != null) {
                return kept;
            }
        }
        return snapshot;
    }

    /** The last events up to a position, newest first: what they say of tools and of the model. */
    public Trace trace(SessionId session, long position) {
        var events = new ArrayList<SessionLog.Entry>(log.sliceBack(session, position, TRACE_MAX));
        return new Trace(List.copyOf(events));
    }

    /** @param entries newest first */
    public record Trace(List<SessionLog.Entry> entries) {
        public Optional<String> nameOf(String toolUseId) {
            return find(SessionEvent.ToolRequested.class)
                    .filter(requested -> requested.use().id().equals(toolUseId))
                    .map(requested -> requested.use().name())
                    .findFirst();
        }

        public Optional<SessionEvent.ToolStarted> lastStarted() {
            return find(SessionEvent.ToolStarted.class).findFirst();
        }

        public Optional<SessionEvent.ToolAnswered> lastAnswered() {
            return find(SessionEvent.ToolAnswered.class).findFirst();
        }

        public Optional<SessionEvent.ModelRequestEnded> lastAnsweredRequest() {
            return find(SessionEvent.ModelRequestEnded.class).filter(ended -> !ended.isError()).findFirst();
        }

        private <E extends SessionEvent> java.util.stream.Stream<E> find(Class<E> type) {
            return entries.stream()
                    .map(SessionLog.Entry::event)
                    .filter(type::isInstance)
                    .map(type::cast)
                    .map(
                            Objects::requireNonNull);
        }
    }
}
