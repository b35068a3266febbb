package dev.handloom.session.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.session.write.SessionState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * A session's state, folded from its log. What was folded before is kept, so that a read costs the events since; it is
 * never older than the last acknowledged write.
 */
@Component
public class States {
    private static final int KEPT_MAX = 10_000;

    private final SessionLog log;
    private final Cache<SessionId, SessionState> kept = Caffeine.newBuilder().maximumSize(KEPT_MAX).build();

    States(SessionLog log) {
        this.log = log;
    }

    /** Empty for a session that does not exist or was deleted. */
    public Optional<SessionState> now(SessionId id) {
        SessionState state = kept.getIfPresent(id);
        long before = state == null ? 0 : state.position();
        state = upTo(id, state, Long.MAX_VALUE);
        if (state != null && state.position() > before) {
            kept.put(id, state);
        }
        return Optional.ofNullable(state).filter(found -> !found.deleted());
    }

    private @Nullable SessionState upTo(SessionId id, @Nullable SessionState from, long position) {
        var state = from;
        while (true) {
            long next = state == null ? 1 : state.position() + 1;
            var slice = log.slice(id, next, SessionLog.SLICE_MAX);
            for (var entry : slice) {
                if (entry.position() > position) {
                    return state;
                }
                state = SessionState.fold(state, entry.event());
            }
            if (slice.isEmpty()) {
                return state;
            }
        }
    }
}
