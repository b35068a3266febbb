package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;

record GlobCall(ToolInput.Glob input) implements Call {
    private static final int TOOL = 5;
    private static final int MORE = 1;
    private static final int GAVE_UP = 2;

    @Override
    public Payload fields() {
        return new Payload().u8(TOOL).str(input.directory()).str(input.pattern()).u32(ToolInput.PATHS_MAX);
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        int flags = answer.i32();
        int count = answer.count();
        if (count > ToolInput.PATHS_MAX) {
            throw new BadFrame(count + " paths");
        }
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : "\n").append(answer.str());
        }
        if (count == 0) {
            text.append("no matches");
        }
        if ((flags & MORE) != 0) {
            Output.note(text, "[more files match; these are the " + ToolInput.PATHS_MAX + " newest]");
        }
        if ((flags & GAVE_UP) != 0) {
            Output.note(text, "[there are too many files to look at all of them: search a smaller directory]");
        }
        return new ToolResult(text.toString(), false);
    }
}
