package dev.handloom.session.write;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows a copied log, so that a session of its own goes on from it: idle, with nothing open. Pure. */
public final class ForkRules {
    private ForkRules() {}

    /**
     * @param origin   the state at the end of what was copied
     * @param fork     the new session
     * @param metadata all pairs of the new session
     * @param request  of a client who may repeat it, or null
     */
    public static List<SessionEvent> after(
            SessionState origin,
            SessionId fork,
            @Nullable String title,
            Map<String, String> metadata,
            SessionCommand.@Nullable Request request,
            EventIds ids,
            Instant now
    ) {
        var draft = new Draft(origin, ids, now);
        var before = origin.status();
        boolean open = !origin.turn().settled() || origin.working();
        draft.add(new SessionEvent.Forked(fork, origin.id(), origin.position(), title, metadata, draft.at()));
        if (request != null) {
            draft.add(new SessionEvent.RequestRecorded(fork, request.key(), request.body(), List.of(), draft.at()));
        }
        draft.closeWhatIsOpen(Answers.FORKED);
        draft.dropQueue();
        if (open || before == SessionState.Status.TERMINATED) {
            draft.rest(new StopReason.EndTurn());
        }
        return draft.events();
    }
}
