package dev.handloom.sandbox.hands.handd;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Bytes that programs wrote, as text for the model. */
final class Output {
    /** Colours, cursor movements, titles and other escape sequences of a terminal (ECMA-48). */
    private static final Pattern ESCAPES = Pattern.compile("\u001B\\[[0-?]*+[ -/]*+[@-~]?"
            + "|\u001B\\][^\u0007\u001B]*+(?:\u0007|\u001B\\\\)?"
            + "|\u001B[PX^_][^\u001B]*+(?:\u001B\\\\)?"
            + "|\u001B[ -/]*+[0-~]?");

    private Output() {}

    /** Malformed UTF-8 and NUL become U+FFFD. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    /** As {@link #text}, but the first bytes may belong to a character whose beginning was cut off. */
    static String tail(byte[] bytes) {
        int start = 0;
        while (start < Math.min(3, bytes.length) && (bytes[start] & 0xC0) == 0x80) {
            start++;
        }
        return new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    static String withoutEscapes(String text) {
        return text.indexOf('\u001B') < 0 ? text : ESCAPES.matcher(text).replaceAll("");
    }

    /** Adds a line that the program did not write. */
    static void note(StringBuilder text, String note) {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
        text.append(note);
    }

    static String seconds(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
