package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;

record EditCall(ToolInput.Edit input) implements Call {
    private static final int TOOL = 4;

    @Override
    public Payload fields() {
        return new Payload().u8(TOOL)
                .str(input.path())
                .u8(input.all() ? 1 : 0)
                .u32(ToolInput.FILE_BYTES_MAX)
                .str(input.old())
                .str(input.replacement());
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        int replaced = answer.count();
        return new ToolResult("edited " + input.path() + ": " + Output.number(replaced)
                + (replaced == 1 ? " replacement" : " replacements"), false);
    }
}
