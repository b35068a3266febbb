package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.Locale;

/** One tool on handd's wire: what is sent, and what the model reads of the answer. */
sealed interface Call permits BashCall, ReadCall, WriteCall, EditCall, GlobCall, GrepCall {
    /** How long a file tool may take. It never waits for anything but the disk. */
    Duration FILE_WITHIN = Duration.ofSeconds(60);

    static Call of(ToolInput input, HandsSettings settings) {
        return switch (input) {
            case ToolInput.Bash bash -> new BashCall(bash, settings.timeoutOf(bash), settings.callTimeoutMax());
            case ToolInput.Read read -> new ReadCall(read);
            case ToolInput.Write write -> new WriteCall(write);
            case ToolInput.Edit edit -> new EditCall(edit);
            case ToolInput.Glob glob -> new GlobCall(glob);
            case ToolInput.Grep grep -> new GrepCall(grep);
        };
    }

    /** The tool's number and its fields. */
    Payload fields();

    /** How long handd may take from the tool's start. */
    default Duration within() {
        return FILE_WITHIN;
    }

    ToolResult result(Fields answer) throws BadFrame;

    /** What the model reads when handd says that the tool failed. */
    default ToolResult failed(int errno, String message) {
        return new ToolResult(name() + ": " + (message.isEmpty() ? "error " + errno : message), true);
    }

    default String name() {
        return getClass().getSimpleName().replace("Call", "").toLowerCase(Locale.ROOT);
    }
}
