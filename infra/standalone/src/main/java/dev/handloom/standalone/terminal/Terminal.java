package dev.handloom.standalone.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the output goes and what can be shown there.
 *
 * @param columns its width in cells, 40 to 100: longer lines tire the eye
 * @param live    a terminal, where a line may be drawn again; otherwise a file or a pipe
 * @param colour  see <a href="https://no-color.org">no-color.org</a>
 */
public record Terminal(PrintStream out, int columns, boolean live, boolean colour, Glyphs glyphs) {
    /** Set by the launcher script when it writes to a terminal, to that terminal's width. */
    private static final String COLUMNS = "handloom.terminal.columns";
    private static final int COLUMNS_LEAST = 40;
    private static final int COLUMNS_MOST = 100;
    private static final int COLUMNS_USUAL = 80;
    private static final int BUFFER_BYTES = 8 << 10;

    public static Terminal standard() {
        return of(new FileOutputStream(FileDescriptor.out), System.getenv(), System.getProperty(COLUMNS),
                Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"), StandardCharsets.US_ASCII));
    }

    public static Terminal of(
            OutputStream bytes,
            Map<String, String> environment,
            @Nullable String columns,
            Charset charset
    ) {
        boolean live = columns != null && !"dumb".equals(environment.get("TERM"));
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && (live || !environment.getOrDefault("CLICOLOR_FORCE", "0").equals("0"));
        var out = new PrintStream(new BufferedOutputStream(bytes, BUFFER_BYTES), false, charset);
        return new Terminal(out, width(columns), live, colour, Glyphs.of(charset));
    }

    private static int width(@Nullable String columns) {
        int given = columns != null && columns.matches("\\d{1,5}") ? Integer.parseInt(columns) : 0;
        return given == 0 ? COLUMNS_USUAL : Math.clamp(given, COLUMNS_LEAST, COLUMNS_MOST);
    }

    public String paint(Ink ink, String text) {
        return colour && !text.isEmpty() ? ink.on() + text + ink.off() : text;
    }

    public String faint(String text) {
        return paint(Ink.FAINT, text);
    }

    public String bold(String text) {
        return paint(Ink.BOLD, text);
    }

    /** Shows a line at once. */
    public void line(String text) {
        out.print(text);
        out.print('\n');
        out.flush();
    }
}
