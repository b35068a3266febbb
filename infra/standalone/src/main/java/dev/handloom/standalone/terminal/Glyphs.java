package dev.handloom.standalone.terminal;

import java.nio.charset.Charset;

/**
 * The signs in use.
 *
 * @param spins one character each, shown in turn while something goes on
 */
public record Glyphs(
        String dot,
        String prompt,
        String yes,
        String no,
        String absent,
        String more,
        String between,
        String edge,
        String spins
) {
    private static final Glyphs UNICODE = new Glyphs("●", "❯", "✔", "✘", "–", "…", "·", "│", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏");
    private static final Glyphs ASCII = new Glyphs("*", ">", "+", "x", "-", "...", "-", "|", "|/-\\");

    /** Signs that the character set can hold. */
    static Glyphs of(Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode(UNICODE.toString()) ? UNICODE : ASCII;
    }

    /** @param beat counts up while something goes on */
    String spin(long beat) {
        int at = (int) (beat % spins.length());
        return spins.substring(at, at + 1);
    }
}
