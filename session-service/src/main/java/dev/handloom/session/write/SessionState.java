package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All that the rules need to know of a session, folded from its log; its size does not grow with the log. The same fold
 * answers reads and rewinds.
 *
 * @param position     of the last event folded in
 * @param stopReason   why it rests; null before the first turn and while it works
 * @param active       how long it has been running, without the current run
 * @param runningSince when the current run began, or null
 */
public record SessionState(
        SessionId id,
        long position,
        String threadId,
        String agentName,
        Json agent,
        String environmentId,
        @Nullable String title,
        Map<String, String> metadata,
        Status status,
        @Nullable StopReason stopReason,
        Turn turn,
        Tokens tokens,
        Duration active,
        @Nullable Instant runningSince,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant archivedAt,
        boolean deleted,
        Instant lastAt
) {
    /** The API's four. */
    public enum Status {
        IDLE, RUNNING, RESCHEDULING, TERMINATED
    }

    static SessionState of(SessionEvent.Created created) {
        return new SessionState(
                created.sessionId(), 1, created.threadId(), created.agentName(), created.agent(),
                created.environmentId(), created.title(),
                created.metadata(), Status.IDLE, null, Turn.NONE, Tokens.NONE, Duration.ZERO, null, created.at(),
                created.at(), null, false, created.at());
    }

    /** What is left to know once the content is erased. */
    private static SessionState tombstone(SessionEvent.Deleted deleted) {
        return new SessionState(
                deleted.sessionId(), 1, "", "", new Json("{}"), "", null, Map.of(), Status.TERMINATED, null, Turn.NONE,
                Tokens.NONE, Duration.ZERO, null, deleted.at(), deleted.at(), null, true, deleted.at());
    }

    /** The state once this event has happened. A log begins with created, or with what erasure left of it. */
    public static SessionState fold(@Nullable SessionState before, SessionEvent event) {
        return switch (event) {
            case SessionEvent.Created created when before == null -> of(created);
            case SessionEvent.Deleted deleted when before == null -> tombstone(deleted);
            case SessionEvent _ -> Objects.requireNonNull(before, "a log begins with created").after(event);
        };
    }

    /** Where the inputs that wait in the queue were received, oldest first. */
    public List<Long> queuedAt() {
        return turn.queue().stream().map(Turn.Queued::receivedAt).toList();
    }

    boolean working() {
        return status == Status.RUNNING || status == Status.RESCHEDULING;
    }

    /** Running time in all, up to a moment. */
    public Duration activeAt(Instant now) {
        return runningSince == null ? active : active.plus(Duration.between(runningSince, now));
    }

    private SessionState after(SessionEvent event) {
        var next = new Change(this, event);
        switch (event) {
            case SessionEvent.Created _ -> throw new IllegalStateException("created twice: " + id);
            case SessionEvent.Updated updated -> next.update(updated);
            case SessionEvent.StatusRunning _ -> next.run();
            case SessionEvent.StatusRescheduled _ -> next.rest(Status.RESCHEDULING, null);
            case SessionEvent.StatusIdle idle -> next.rest(Status.IDLE, idle.stopReason());
            case SessionEvent.StatusTerminated _ -> next.rest(Status.TERMINATED, null);
            case SessionEvent.Archived archived -> next.archivedAt = archived.at();
            case SessionEvent.ModelRequestEnded ended -> next.tokens = tokens.plus(ended.tokens());
            case SessionEvent.TokensSpent spent -> next.tokens = tokens.plus(spent.tokens());
            case SessionEvent.NoteWritten written -> next.tokens = tokens.plus(written.tokens());
            case SessionEvent.NoteFailed failed -> next.tokens = tokens.plus(failed.tokens());
            case SessionEvent.Deleted _ -> next.deleted = true;
            case SessionEvent.InputReceived _,SessionEvent.InputTaken _,SessionEvent.ThreadRunning _,SessionEvent.ThreadRescheduled _,SessionEvent.ThreadIdle _,SessionEvent.ThreadTerminated _,SessionEvent.UsageReported _,SessionEvent.Errored _,SessionEvent.ModelRequestStarted _,SessionEvent.NoteBegun _,SessionEvent.ModelRetryScheduled _,SessionEvent.AgentSpoke _,SessionEvent.ToolRequested _,SessionEvent.ToolApproved _,SessionEvent.ToolStarted _,SessionEvent.ToolAnswered _ ->
                {}
        }
        return next.done();
    }

    /** The few fields that events change, before they are fixed again. */
    private static final class Change {
        private final SessionState before;
        private final SessionEvent event;
        private @Nullable String title;
        private Map<String, String> metadata;
        private Json agent;
        private Status status;
        private @Nullable StopReason stopReason;
        private Tokens tokens;
        private Duration active;
        private @Nullable Instant runningSince;
        private Instant updatedAt;
        private @Nullable Instant archivedAt;
        private boolean deleted;

        Change(SessionState before, SessionEvent event) {
            this.before = before;
            this.event = event;
            title = before.title;
            metadata = before.metadata;
            agent = before.agent;
            status = before.status;
            stopReason = before.stopReason;
            tokens = before.tokens;
            active = before.active;
            runningSince = before.runningSince;
            updatedAt = before.updatedAt;
            archivedAt = before.archivedAt;
            deleted = before.deleted;
        }

        void update(SessionEvent.Updated updated) {
            title = updated.titleChanged() ? updated.title() : title;
            metadata = updated.metadata() == null ? metadata : updated.metadata();
            agent = updated.agent() == null ? agent : updated.agent();
            updatedAt = updated.at();
        }

        void run() {
            status = Status.RUNNING;
            stopReason = null;
            runningSince = event.at();
            updatedAt = event.at();
        }

        void rest(Status resting, @Nullable StopReason reason) {
            active = before.activeAt(event.at());
            runningSince = null;
            status = resting;
            stopReason = reason;
            updatedAt = event.at();
        }

        SessionState done() {
            long position = before.position + 1;
            return new SessionState(before.id, position, before.threadId, before.agentName, agent, before.environmentId,
                    title, metadata,
                    status, stopReason, before.turn.after(event, position), tokens, active, runningSince,
                    before.createdAt, updatedAt, archivedAt, deleted, event.at());
        }
    }
}
