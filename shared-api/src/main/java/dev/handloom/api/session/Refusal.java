package dev.handloom.api.session;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;

/** Why a session said no. Travels between processes as the details of a failed command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reason")
public sealed interface Refusal {
    @JsonTypeName("no_such_session")
    record NoSuchSession(SessionId sessionId) implements Refusal {}

    /** Terminated or archived: nothing may be added. */
    @JsonTypeName("session_terminated")
    record SessionTerminated(SessionId sessionId) implements Refusal {}

    /** @param action what cannot be done while a turn runs: archive, delete or change the agent */
    @JsonTypeName("session_running")
    record SessionRunning(SessionId sessionId, String action) implements Refusal {}

    @JsonTypeName("action_required")
    record ActionRequired(SessionId sessionId, List<String> eventIds) implements Refusal {}

    @JsonTypeName("unknown_tool_use")
    record UnknownToolUse(SessionId sessionId, String toolUseId) implements Refusal {}

    @JsonTypeName("not_waiting_for_confirmation")
    record NotWaitingForConfirmation(SessionId sessionId, String toolUseId) implements Refusal {}

    /** The call belongs to another kind of runner, so this kind of answer does not fit it. */
    @JsonTypeName("wrong_answer_kind")
    record WrongAnswerKind(SessionId sessionId, String toolUseId, String expected) implements Refusal {}

    @JsonTypeName("unknown_thread")
    record UnknownThread(SessionId sessionId, String threadId) implements Refusal {}

    @JsonTypeName("queue_full")
    record QueueFull(SessionId sessionId, int inputsMax) implements Refusal {}

    /** The idempotency key came with another body before. */
    @JsonTypeName("key_used")
    record KeyUsed(SessionId sessionId) implements Refusal {}

    @JsonTypeName("metadata_too_large")
    record MetadataTooLarge(SessionId sessionId, int pairsMax) implements Refusal {}
}
