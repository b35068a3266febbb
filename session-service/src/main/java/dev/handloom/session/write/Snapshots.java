package dev.handloom.session.write;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.LogEngine;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The states that were written down on the way, so that any of them is soon folded again. */
@Component
public class Snapshots {
    private final LogEngine engine;

    Snapshots(LogEngine engine) {
        this.engine = engine;
    }

    /** The newest state that was written down at this position or before it. */
    public Optional<SessionState> upTo(SessionId session, long position) {
        return engine.snapshotUpTo(session.value(), position - 1)
                .map(snapshot -> snapshot.getPayload() instanceof Session taken ? taken.state() : null)
                .filter(state -> state.position() <= position);
    }
}
