package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;

record ReadCall(ToolInput.Read input) implements Call {
    private static final int TOOL = 2;
    private static final int CUT = 1;

    @Override
    public Payload fields() {
        return new Payload().u8(TOOL)
                .str(input.path())
                .u32(input.firstLine())
                .u32(input.lastLine())
                .u32(ToolInput.FILE_BYTES_MAX);
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        long bytes = answer.u64();
        boolean cut = (answer.i32() & CUT) != 0;
        int lines = answer.count();
        var content = answer.bytes();
        boolean whole = input.firstLine() == 0;
        if (whole && cut) {
            return new ToolResult("read: " + input.path() + " has " + Output.number(bytes)
                    + " bytes; a file of more than "
                    + Output.number(ToolInput.FILE_BYTES_MAX) + " is not read whole. Give view_range, such as [1, "
                    + Math.max(1, lines) + "] for what would fit, or search it with grep.", true);
        }
        if (!whole && content.length == 0 && lines < input.firstLine()) {
            return new ToolResult(
                    "read: " + input.path() + " has " + Output.number(lines) + " lines, so there is no line "
                            + Output.number(input.firstLine()),
                    true);
        }
        var text = new StringBuilder(Output.text(content));
        if (cut) {
            Output.note(text, "[cut in line " + Output.number(lines) + ": a selection is at most "
                    + Output.number(ToolInput.FILE_BYTES_MAX) + " bytes; the file has " + Output.number(bytes) + "]");
        }
        return new ToolResult(text.toString(), false);
    }
}
