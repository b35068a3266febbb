package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What may be asked of a session. Each is answered when it is durable, or refused with a {@link Refusal}. */
public sealed interface SessionCommand {
    SessionId sessionId();

    /** @param request of a client who may repeat it, or null */
    record Create(
            @TargetAggregateIdentifier SessionId sessionId,
            String threadId,
            String agentName,
            Json agent,
            String environmentId,
            @Nullable String title,
            Map<String, String> metadata,
            List<Input.Named> initialInputs,
            @Nullable Request request
    ) implements SessionCommand {}

    /**
     * All are taken, or none. Answered with the {@link Receipt}s, in order. A repeated request is answered as the first
     * time, and adds nothing.
     *
     * @param request of a client who may repeat it, or null
     */
    record Send(@TargetAggregateIdentifier SessionId sessionId, List<Input.Named> inputs, @Nullable Request request)
            implements
            SessionCommand {}

    /** A request that may be repeated: digests of its idempotency key and of its body. */
    record Request(String key, String body) {}

    /**
     * Omitted parts stay as they are.
     *
     * @param metadataPatch a null value deletes its key
     */
    record Update(
            @TargetAggregateIdentifier SessionId sessionId,
            boolean setTitle,
            @Nullable String title,
            @Nullable Map<String, @Nullable String> metadataPatch,
            @Nullable Json agent
    ) implements SessionCommand {}

    record Archive(@TargetAggregateIdentifier SessionId sessionId) implements SessionCommand {}

    record Delete(@TargetAggregateIdentifier SessionId sessionId) implements SessionCommand {}

    /** The model's whole answer to one request. Ignored when that request is no longer open. */
    record RecordModelAnswer(
            @TargetAggregateIdentifier SessionId sessionId,
            String requestId,
            List<AgentOutput> outputs,
            Tokens tokens,
            @Nullable String speed,
            ModelStop stop,
            @Nullable Viewed viewed
    ) implements SessionCommand {
        public RecordModelAnswer(
                SessionId sessionId,
                String requestId,
                List<AgentOutput> outputs,
                Tokens tokens,
                @Nullable String speed,
                ModelStop stop
        ) {
            this(sessionId, requestId, outputs, tokens, speed, stop, null);
        }
    }

    /** One request failed. Ignored when it is no longer open. */
    record RecordModelFailure(
            @TargetAggregateIdentifier SessionId sessionId,
            String requestId,
            String error,
            String message,
            Tokens tokens,
            Verdict verdict,
            @Nullable Viewed viewed
    ) implements SessionCommand {
        public RecordModelFailure(
                SessionId sessionId,
                String requestId,
                String error,
                String message,
                Tokens tokens,
                Verdict verdict
        ) {
            this(sessionId, requestId, error, message, tokens, verdict, null);
        }
    }

    /**
     * The context of an open request is to be shortened by a note. Answered with whether to write it: no when that request
     * is no longer open, or another note of it is.
     */
    record BeginNote(
            @TargetAggregateIdentifier SessionId sessionId,
            String noteId,
            String requestId,
            SessionEvent.NoteKind kind,
            long from,
            long to,
            Json policy
    ) implements SessionCommand {}

    /** Ignored, but for its tokens, when that note is not open. */
    record RecordNote(
            @TargetAggregateIdentifier SessionId sessionId,
            String noteId,
            String requestId,
            SessionEvent.NoteKind kind,
            long from,
            long to,
            String text,
            Tokens tokens
    ) implements SessionCommand {}

    /** Ignored, but for its tokens, when that note is not open. */
    record RecordNoteFailure(
            @TargetAggregateIdentifier SessionId sessionId,
            String noteId,
            String requestId,
            String message,
            Tokens tokens
    ) implements SessionCommand {}

    /** The wait of a {@link SessionEvent.ModelRetryScheduled} is over. Ignored when nothing waits. */
    record RetryModel(@TargetAggregateIdentifier SessionId sessionId, String requestId) implements SessionCommand {}

    /** Answered with a {@link ToolStart}; {@code GO} is answered once, and is durable when it arrives. */
    record StartTool(@TargetAggregateIdentifier SessionId sessionId, String toolUseId) implements SessionCommand {}

    /** The hands' answer. The first is recorded; others are ignored. */
    record RecordToolResult(
            @TargetAggregateIdentifier SessionId sessionId,
            String toolUseId,
            Json content,
            boolean isError
    ) implements SessionCommand {}

    /** What became of one sent input: queued inputs have no {@code processedAt} yet; a repeated one was not stored. */
    record Receipt(String id, @Nullable Instant processedAt) {}

    /** Whether a call may go to the hands. */
    enum ToolStart {
        /** Now, for the first time. */
        GO,
        /** It was sent before and has no result yet: look for that run, never begin another. */
        STARTED_BEFORE,
        /** Not at all: it has its result, or was never allowed. */
        DONE
    }

    /** Why the model stopped. {@code details} only with REFUSAL. */
    record ModelStop(Kind kind, @Nullable Json details) {
        /** END also stands for max_tokens and stop sequences: the turn is over. PAUSE: the same turn is to be continued. */
        public enum Kind {
            END, TOOL_USE, PAUSE, REFUSAL
        }
    }

    /** What the harness makes of a failure. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    sealed interface Verdict {
        /** Ask again after the wait. */
        @JsonTypeName("retry")
        record Retry(Duration after) implements Verdict {}

        /** Give the turn up; the session stays usable. */
        @JsonTypeName("give_up")
        record GiveUp() implements Verdict {}

        /** End the session. */
        @JsonTypeName("terminate")
        record Terminate() implements Verdict {}
    }
}
