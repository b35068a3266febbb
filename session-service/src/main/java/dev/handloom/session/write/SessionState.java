package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param requests     those with an idempotency key, the last ones of the last day, oldest first
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
        Instant lastAt,
        List<Remembered> requests
) {
    /** Of this many requests with an idempotency key, the last ones, it is known what they were answered. */
    static final int REQUESTS_MAX = 256;
    /** And of this many of their inputs. */
    static final int RECEIPTS_MAX = 1000;
    static final Duration REQUESTS_KEPT = Duration.ofHours(24);

    /** A request with an idempotency key that was carried out. */
    record Remembered(String key, String body, List<SessionCommand.Receipt> receipts, Instant at) {}

    /** The API's four. */
    public enum Status {
        IDLE, RUNNING, RESCHEDULING, TERMINATED
    }

    static SessionState of(SessionEvent.Created created) {
        return new SessionState(
                created.sessionId(), 1, created.threadId(), created.agentName(), created.agent(),
                created.environmentId(), created.title(),
                created.metadata(), Status.IDLE, null, Turn.NONE, Tokens.NONE, Duration.ZERO, null, created.at(),
                created.at(), null, false, created.at(), List.of());
    }

    /** What is left to know once the content is erased: nothing of what was said. */
    private static SessionState tombstone(SessionEvent last, long position) {
        return new SessionState(
                last.sessionId(), position, "", "", new Json("{}"), "", null, Map.of(), Status.TERMINATED, null,
                Turn.NONE, Tokens.NONE, Duration.ZERO, null, last.at(), last.at(), null, true, last.at(),
                List.of());
    }

    /** The state once this event has happened. A log begins with created, or with what erasure left of it. */
    public static SessionState fold(@Nullable SessionState before, SessionEvent event) {
        return switch (event) {
            case SessionEvent.Created created when before == null -> of(created);
            case SessionEvent.Deleted deleted when before == null -> tombstone(deleted, 1);
            case SessionEvent.Erased erased when before == null -> tombstone(erased, 1);
            case SessionEvent _ -> Objects.requireNonNull(before, "a log begins with created").after(event);
        };
    }

    /** Where the inputs that wait in the queue were received, oldest first. */
    public List<Long> queuedAt() {
        return turn.queue().stream().map(Turn.Queued::receivedAt).toList();
    }

    /** A tool call without a result. {@code phase} is what it waits for, as {@link OpenCall.Phase} names it. */
    public record Pending(String id, AgentOutput.ToolRunner runner, String phase) {}

    public List<Pending> pendingCalls() {
        return turn.calls()
                .entrySet()
                .stream()
                .map(call -> new Pending(call.getKey(), call.getValue().runner(), call.getValue().phase().name()))
                .toList();
    }

    /** Ids of the calls that the hands owe a result for. */
    public List<String> dueCalls() {
        return turn.calls()
                .entrySet()
                .stream()
                .filter(call -> call.getValue().withHands())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The id of the model request that has no answer yet, or null. */
    public @Nullable String openRequest() {
        return turn.request();
    }

    /** The id of the failed model request that is to be made again, or null. */
    public @Nullable String awaitedRetry() {
        return turn.retryOf();
    }

    /** The request that had this key, in the last day. */
    @Nullable
    Remembered request(String key, Instant now) {
        return requests.stream()
                .filter(old -> old.key().equals(key) && !old.at().isBefore(now.minus(REQUESTS_KEPT)))
                .findFirst()
                .orElse(null);
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
            case SessionEvent.Deleted deleted -> {
                return tombstone(deleted, position + 1);
            }
            case SessionEvent.Erased erased -> {
                return tombstone(erased, position + 1);
            }
            case SessionEvent.Forked forked -> next.fork(forked);
            case SessionEvent.RequestRecorded recorded -> next.remember(recorded);
            case SessionEvent _ -> {}
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
        private SessionId id;
        private Instant createdAt;
        private List<Remembered> requests;

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
            id = before.id;
            createdAt = before.createdAt;
            requests = before.requests;
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

        /** A session of its own, which nobody has kept busy and which owes nothing for what its origin did. */
        void fork(SessionEvent.Forked forked) {
            id = forked.sessionId();
            title = forked.title();
            metadata = forked.metadata();
            status = status == Status.TERMINATED ? Status.IDLE : status;
            tokens = Tokens.NONE;
            active = Duration.ZERO;
            runningSince = runningSince == null ? null : forked.at();
            createdAt = forked.at();
            updatedAt = forked.at();
            archivedAt = null;
            requests = List.of();
        }

        void remember(SessionEvent.RequestRecorded recorded) {
            var kept = new ArrayList<>(requests);
            kept.removeIf(old -> old.at().isBefore(recorded.at().minus(REQUESTS_KEPT)));
            int receipts = kept.stream().mapToInt(old -> old.receipts().size()).sum() + recorded.receipts().size();
            while (kept.size() >= REQUESTS_MAX || (receipts > RECEIPTS_MAX && !kept.isEmpty())) {
                receipts -= kept.removeFirst().receipts().size();
            }
            kept.add(new Remembered(recorded.key(), recorded.body(), recorded.receipts(), recorded.at()));
            requests = List.copyOf(kept);
        }

        SessionState done() {
            long position = before.position + 1;
            return new SessionState(id, position, before.threadId, before.agentName, agent, before.environmentId,
                    title, metadata,
                    status, stopReason, before.turn.after(event, position), tokens, active, runningSince,
                    createdAt, updatedAt, archivedAt, false, event.at(), requests);
        }
    }
}
