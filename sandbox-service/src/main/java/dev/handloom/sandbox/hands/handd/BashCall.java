package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;

/** @param longest what the model may ask for */
record BashCall(ToolInput.Bash input, Duration timeout, Duration longest) implements Call {
    private static final int TOOL = 1;
    private static final int NEW_SHELL = 1;
    private static final int NO_COMMAND = 2;

    @Override
    public Payload fields() {
        var command = input.command();
        return new Payload().u8(TOOL)
                .u32(Math.toIntExact(timeout.toMillis()))
                .u8((input.restart() ? NEW_SHELL : 0) | (command == null ? NO_COMMAND : 0))
                .str(command == null ? "" : command);
    }

    @Override
    public Duration within() {
        return timeout;
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        int exit = answer.i32();
        var ending = new Ending(answer.i32());
        long bytes = answer.u64();
        var directory = answer.str();
        var kept = answer.str();
        var output = answer.bytes();
        if (input.command() == null && exit == 0) {
            return new ToolResult("bash session restarted", false);
        }
        var text = new StringBuilder();
        if (ending.cut()) {
            text.append("[output of ").append(Output.number(bytes)).append(" bytes; this is its end");
            if (!kept.isEmpty()) {
                text.append(ending.outputFull() ? ", as much as is kept of it is in " : ", all of it is in ")
                        .append(kept);
            }
            text.append("]\n");
        }
        text.append(Output.withoutEscapes(ending.cut() ? Output.tail(output) : Output.text(output)));
        if (ending.outputFull()) {
            Output.note(text, "[it wrote more than can be kept; the rest is lost]");
        }
        if (ending.timedOut()) {
            Output.note(text,
                    "[timed out after " + Output.seconds(timeout) + " and was killed; timeout_ms may be up to "
                            + longest.toMillis() + "]");
        } else if (ending.cancelled()) {
            Output.note(text, "[cancelled]");
        } else if (exit != 0) {
            Output.note(text, "exit " + exit);
        }
        if (ending.newShell()) {
            Output.note(text, "[the shell ended; a new one stands in " + directory
                    + ", without the variables and functions of the old one]");
        }
        return new ToolResult(text.toString(), exit != 0 || ending.timedOut() || ending.cancelled());
    }
}
