package dev.handloom.standalone.terminal;

import java.util.regex.Pattern;

/**
 * Text from models and tools made fit for a terminal: no escape sequences, no control characters, nothing that turns the
 * reading direction. What is left is lines of visible characters.
 */
public final class Plain {
    private static final String TAB = "    ";
    private static final Pattern ESCAPES = Pattern.compile(
            "(?:\033\\[|\u009B)[0-?]*[ -/]*[@-~]|\033[\\]PX^_][^\007\033]*(?:\007|\033\\\\)?|\033[ -/]*[0-~]?");
    /** What a lone carriage return writes over. */
    private static final Pattern OVERWRITTEN = Pattern.compile("[^\n]*\r(?!\n)");
    private static final Pattern HARMFUL = Pattern.compile(
            "[\\p{Cntrl}\u0080-\u009F&&[^\n]]|[\u202A-\u202E\u2066-\u2069\u200E\u200F\uFEFF]");

    private Plain() {}

    public static String text(String raw) {
        var text = ESCAPES.matcher(raw).replaceAll("").replace("\r\n", "\n");
        text = OVERWRITTEN.matcher(text).replaceAll("").replace("\t", TAB);
        return HARMFUL.matcher(text).replaceAll("");
    }

    /** On one line. */
    public static String line(String raw) {
        return text(raw).replaceAll("\\s+", " ").strip();
    }
}
