package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.ToolInput;
import java.nio.charset.StandardCharsets;

/** Output of any length, of which the model reads the end: {@link ToolInput#OUTPUT_BYTES_MAX} bytes. */
final class Tail {
    private final StringBuilder kept = new StringBuilder();
    private long bytes;

    Tail add(String text) {
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        kept.append(text);
        if (kept.length() > 2 * ToolInput.OUTPUT_BYTES_MAX) {
            kept.delete(0, kept.length() - ToolInput.OUTPUT_BYTES_MAX);
        }
        return this;
    }

    /** Of all that was added. */
    long bytes() {
        return bytes;
    }

    boolean isCut() {
        return bytes > ToolInput.OUTPUT_BYTES_MAX;
    }

    /** The end, beginning with a whole character. */
    String text() {
        var end = kept.toString().getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, end.length - ToolInput.OUTPUT_BYTES_MAX);
        while (from > 0 && from < end.length && (end[from] & 0xC0) == 0x80) {
            from++;
        }
        return new String(end, from, end.length - from, StandardCharsets.UTF_8);
    }
}
