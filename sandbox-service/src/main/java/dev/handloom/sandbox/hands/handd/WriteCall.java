package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;

record WriteCall(ToolInput.Write input) implements Call {
    private static final int TOOL = 3;

    @Override
    public Payload fields() {
        return new Payload().u8(TOOL).str(input.path()).str(input.content());
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        boolean created = answer.u8() != 0;
        return new ToolResult((created ? "created " : "overwrote ") + input.path(), false);
    }
}
