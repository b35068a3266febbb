package dev.handloom.harness.turn;

import java.time.Instant;

/** One thing to be done about a session. Its {@code id} makes it unique: the same step twice is one step. */
sealed interface Step {
    String id();

    /** @param id the model request's */
    record AskModel(String id) implements Step {}

    /** @param id the tool use's event id */
    record RunTool(String id) implements Step {}

    /** Stops a tool whose answer is no longer wanted. */
    record CancelTool(String id, String toolUseId) implements Step {}

    /** Makes a failed request again once its wait is over. */
    record RetryModel(String id, String requestId, Instant dueAt) implements Step {}

    /** Lets the session's hands go, because it is over. */
    record ReleaseHand(String id) implements Step {}
}
