package dev.handloom.standalone.terminal;

import java.util.ArrayList;
import java.util.List;

/** Text measured as a terminal shows it: most characters take one cell, East Asian ones and emoji two, marks none. */
public final class Cells {
    private static final int[][] WIDE = {{0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

    private Cells() {}

    static int of(int codePoint) {
        switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.CONTROL -> {
                return 0;
            }
            default -> {}
        }
        for (var range : WIDE) {
            if (codePoint >= range[0] && codePoint <= range[1]) {
                return 2;
            }
        }
        return 1;
    }

    public static int of(String text) {
        return text.codePoints().map(Cells::of).sum();
    }

    /** The text if it fits, or else its beginning and {@code more}. */
    public static String cut(String text, int cellsMax, String more) {
        if (of(text) <= cellsMax) {
            return text;
        }
        int room = Math.max(0, cellsMax - of(more));
        return text.substring(0, fitting(text, room)) + more;
    }

    /** How many of the text's chars fit into so many cells. */
    static int fitting(String text, int cellsMax) {
        int cells = 0;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            cells += of(codePoint);
            if (cells > cellsMax) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end;
    }

    /** The text broken at spaces into lines of so many cells, at least 2; longer words are broken too. */
    public static List<String> wrap(String text, int cellsMax) {
        var lines = new ArrayList<String>();
        for (var paragraph : text.split("\n", -1)) {
            var line = new StringBuilder();
            for (var word : paragraph.split(" ", -1)) {
                var rest = word;
                if (!line.isEmpty() && of(line.toString()) + 1 + of(rest) > cellsMax) {
                    lines.add(line.toString());
                    line.setLength(0);
                } else if (!line.isEmpty()) {
                    line.append(' ');
                }
                while (of(rest) > cellsMax) {
                    int end = Math.max(Character.charCount(rest.codePointAt(0)), fitting(rest, cellsMax));
                    lines.add(rest.substring(0, end));
                    rest = rest.substring(end);
                }
                line.append(rest);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
