package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.api.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/**
 * A fact in a session's log; its sequence number plus one is its position, 1..n without a gap. An event that the API
 * shows carries the {@code id} it has there ({@code sevt_…}); the others are the platform's own bookkeeping. Record
 * names and JSON names are wire format: never rename one, write an upcaster. Golden files hold them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface SessionEvent extends OfSession {
    /** When it was written. Never earlier than the event before it. */
    Instant at();

    /**
     * The log begins.
     *
     * @param threadId the primary thread ({@code sthr_…})
     * @param agent    the agent as it stood then: a SessionAgent object (contract/resources.md §3)
     */
    @Revision("1")
    @JsonTypeName("created")
    record Created(
            SessionId sessionId,
            String threadId,
            String agentName,
            Json agent,
            String environmentId,
            @Nullable String title,
            Map<String, String> metadata,
            Instant at
    ) implements SessionEvent {}

    /**
     * The client changed the session. Only what changed is present.
     *
     * @param title    the new title; absent unless {@code titleChanged}
     * @param metadata all pairs after the change, or null when they did not change
     * @param agent    the whole SessionAgent after the change, or null
     */
    @Revision("1")
    @JsonTypeName("updated")
    record Updated(
            SessionId sessionId,
            String id,
            boolean titleChanged,
            @Nullable String title,
            @Nullable Map<String, String> metadata,
            @Nullable Json agent,
            Instant at
    ) implements SessionEvent {}

    /** The client spoke. When {@code queued}, the turn takes it up later with {@link InputTaken}. */
    @Revision("1")
    @JsonTypeName("input_received")
    record InputReceived(SessionId sessionId, String id, Input input, boolean queued, Instant at)
            implements SessionEvent {}

    /**
     * The turn took up a queued input, or dropped it ({@code flushed}) because the turn died.
     *
     * @param id         the id under which it was received
     * @param receivedAt the position of its {@link InputReceived}
     */
    @Revision("1")
    @JsonTypeName("input_taken")
    record InputTaken(SessionId sessionId, String id, long receivedAt, boolean flushed, Instant at)
            implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("status_running")
    record StatusRunning(SessionId sessionId, String id, Instant at) implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("status_rescheduled")
    record StatusRescheduled(SessionId sessionId, String id, Instant at) implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("status_idle")
    record StatusIdle(SessionId sessionId, String id, StopReason stopReason, Instant at) implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("status_terminated")
    record StatusTerminated(SessionId sessionId, String id, Instant at) implements SessionEvent {}

    /** The client put the session away. */
    @Revision("1")
    @JsonTypeName("archived")
    record Archived(SessionId sessionId, Instant at) implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("thread_running")
    record ThreadRunning(SessionId sessionId, String id, String threadId, String agentName, Instant at)
            implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("thread_rescheduled")
    record ThreadRescheduled(SessionId sessionId, String id, String threadId, String agentName, Instant at)
            implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("thread_idle")
    record ThreadIdle(
            SessionId sessionId,
            String id,
            String threadId,
            String agentName,
            StopReason stopReason,
            Instant at
    ) implements SessionEvent {}

    @Revision("1")
    @JsonTypeName("thread_terminated")
    record ThreadTerminated(SessionId sessionId, String id, String threadId, String agentName, Instant at)
            implements SessionEvent {}

    /** @param activeSeconds how long the session has been running in all, in seconds */
    @Revision("1")
    @JsonTypeName("usage_reported")
    record UsageReported(SessionId sessionId, String id, Tokens tokens, double activeSeconds, Instant at)
            implements SessionEvent {}

    /** @param error the API's error type, such as {@code model_overloaded_error} (contract/events.md §4.2) */
    @Revision("1")
    @JsonTypeName("errored")
    record Errored(
            SessionId sessionId,
            String id,
            String error,
            String message,
            RetryStatus retryStatus,
            Instant at
    ) implements SessionEvent {}

    /** The model is to be asked: intent, written before the request leaves. {@code id} names the request from now on. */
    @Revision("1")
    @JsonTypeName("model_request_started")
    record ModelRequestStarted(SessionId sessionId, String id, int attempt, Instant at) implements SessionEvent {}

    /**
     * The model answered, failed or was cut off. Its output stands between start and end.
     *
     * @param viewed what it was shown; null where it was cut off, and in logs from before 0.2
     */
    @Revision("1")
    @JsonTypeName("model_request_ended")
    record ModelRequestEnded(
            SessionId sessionId,
            String id,
            String requestId,
            boolean isError,
            Tokens tokens,
            @Nullable String speed,
            Instant at,
            @Nullable Viewed viewed
    ) implements SessionEvent {
        public ModelRequestEnded(
                SessionId sessionId,
                String id,
                String requestId,
                boolean isError,
                Tokens tokens,
                @Nullable String speed,
                Instant at
        ) {
            this(sessionId, id, requestId, isError, tokens, speed, at, null);
        }
    }

    /** What a request cost that had been cut off before its bill was known. */
    @Revision("1")
    @JsonTypeName("tokens_spent")
    record TokensSpent(SessionId sessionId, String requestId, Tokens tokens, Instant at) implements SessionEvent {}

    /**
     * The model is to write a note that will stand for a part of the conversation: intent, written before it is asked.
     * It belongs to an open request, which is made once the note is there, or has failed; it ends with that request.
     *
     * @param id      the event that shows the note will have it
     * @param from,to the positions that the note stands for, first and last
     * @param policy  the context strategy, as its metadata names it
     */
    @Revision("1")
    @JsonTypeName("note_begun")
    record NoteBegun(
            SessionId sessionId,
            String id,
            String requestId,
            NoteKind kind,
            long from,
            long to,
            Json policy,
            Instant at
    ) implements SessionEvent {}

    /** The note is written. From now on the model is shown it in place of what it stands for; the log keeps everything. */
    @Revision("1")
    @JsonTypeName("note_written")
    record NoteWritten(
            SessionId sessionId,
            String id,
            String requestId,
            NoteKind kind,
            long from,
            long to,
            String text,
            Tokens tokens,
            Instant at
    ) implements SessionEvent {}

    /** There is no note: the model is shown what it was before. */
    @Revision("1")
    @JsonTypeName("note_failed")
    record NoteFailed(
            SessionId sessionId,
            String id,
            String requestId,
            String message,
            Tokens tokens,
            Instant at
    ) implements SessionEvent {}

    /** The same request will be made again, as a new one. */
    @Revision("1")
    @JsonTypeName("model_retry_scheduled")
    record ModelRetryScheduled(SessionId sessionId, String requestId, int attempt, Instant dueAt, Instant at)
            implements SessionEvent {}

    /** One block of the model's answer that asks for nothing. */
    @Revision("1")
    @JsonTypeName("agent_spoke")
    record AgentSpoke(SessionId sessionId, AgentOutput output, Instant at) implements SessionEvent {}

    /** The model asked for a tool. When it is allowed, this is intent, written before the effect: it must run, once. */
    @Revision("1")
    @JsonTypeName("tool_requested")
    record ToolRequested(SessionId sessionId, AgentOutput.ToolUse use, Instant at) implements SessionEvent {}

    /** The client allowed a call that had to ask. */
    @Revision("1")
    @JsonTypeName("tool_approved")
    record ToolApproved(SessionId sessionId, String toolUseId, Instant at) implements SessionEvent {}

    /** The call is about to reach the hands. From here on it is never sent again blindly. */
    @Revision("1")
    @JsonTypeName("tool_started")
    record ToolStarted(SessionId sessionId, String toolUseId, Instant at) implements SessionEvent {}

    /**
     * The call has its one result.
     *
     * @param content a JSON array of content blocks
     * @param cutOff  the platform answered in the runner's place: if the call still runs, it must be stopped
     */
    @Revision("1")
    @JsonTypeName("tool_answered")
    record ToolAnswered(
            SessionId sessionId,
            String id,
            String toolUseId,
            AgentOutput.ToolRunner runner,
            Json content,
            boolean isError,
            boolean cutOff,
            Instant at
    ) implements SessionEvent {}

    /**
     * The log up to here is a copy of another session's; from here on it is its own. Status, usage and times begin anew;
     * what was open is closed by the events that follow in the same commit, and was not run again.
     *
     * @param origin   the session it was copied from, which may be gone meanwhile
     * @param position how many of the origin's events were copied
     * @param title    the title from now on
     * @param metadata all pairs from now on
     */
    @Revision("1")
    @JsonTypeName("forked")
    record Forked(
            SessionId sessionId,
            SessionId origin,
            long position,
            @Nullable String title,
            Map<String, String> metadata,
            Instant at
    ) implements SessionEvent {}

    /**
     * A request with an idempotency key was carried out, by the events of the same commit. Key and body are digests.
     *
     * @param receipts what its inputs were answered with; none when it created the session
     */
    @Revision("1")
    @JsonTypeName("request_recorded")
    record RequestRecorded(
            SessionId sessionId,
            String key,
            String body,
            List<SessionCommand.Receipt> receipts,
            Instant at
    ) implements SessionEvent {}

    /** Nothing follows. */
    @Revision("1")
    @JsonTypeName("deleted")
    record Deleted(SessionId sessionId, String id, Instant at) implements SessionEvent {
        @Override
        public boolean outlivesErasure() {
            return true;
        }
    }

    /** Stands where an event stood that can no longer be read, because its session was deleted. Never stored itself. */
    @JsonTypeName("erased")
    record Erased(SessionId sessionId, Instant at) implements SessionEvent {}

    /** Why the model writes a note. */
    enum NoteKind {
        SUMMARY, HANDOVER
    }

    /** What the platform does about an error. */
    enum RetryStatus {
        RETRYING, EXHAUSTED, TERMINAL
    }
}
