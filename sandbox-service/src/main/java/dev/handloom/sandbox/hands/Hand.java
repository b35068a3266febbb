package dev.handloom.sandbox.hands;

import dev.handloom.api.session.SessionId;
import java.time.Duration;
import java.util.Optional;

/** One session's sandbox: {@code execute(name, input) → string}, behind whatever isolates it. */
public interface Hand {
    /** @param toolUseId names the call; a hand never runs one id twice */
    record ToolCall(String toolUseId, ToolInput input) {}

    /** What the model reads. Text only; at most the output limit, with head, tail and true size when it was longer. */
    record ToolResult(String text, boolean isError) {}

    /** Ends the call by force. */
    class HandDied extends Exception {
        public HandDied(String message) {
            super(message);
        }
    }

    /** The sandbox was gone before the call reached it: the call did not run. */
    class NotBegun extends HandDied {
        public NotBegun(String message) {
            super(message);
        }
    }

    SessionId session();

    /**
     * Runs the call and waits for it, on a virtual thread. An unknown file, a non-zero exit and a time-out are results
     * the model reads, not exceptions. An interrupt cancels the call.
     *
     * @throws HandDied when the sandbox is gone; whether the call ran is then unknown
     */
    ToolResult execute(ToolCall call) throws HandDied, InterruptedException;

    /**
     * Waits for a call that an earlier process dispatched to this very sandbox.
     *
     * @return empty when this sandbox knows nothing of the call
     */
    Optional<ToolResult> attach(ToolCall call) throws HandDied, InterruptedException;

    /** The call's result has been recorded; the sandbox need not keep it. */
    void forget(String toolUseId);

    /** Kills the call's process group if it still runs; returns at once. */
    void cancel(String toolUseId);

    boolean alive();

    /** Removes the sandbox and all that is in it. Never throws; may take up to {@code timeout}. */
    void destroy(Duration timeout);
}
