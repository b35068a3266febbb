package dev.handloom.standalone.demo;

import dev.handloom.standalone.terminal.Cells;
import dev.handloom.standalone.terminal.Ink;
import dev.handloom.standalone.terminal.Plain;
import dev.handloom.standalone.terminal.Stage;

/**
 * A text that arrives in pieces, wrapped at words as it comes. On a coloured terminal the two most usual marks of
 * Markdown, code and strong, are shown as such, and lines between fences of backticks stay as they are.
 */
final class Prose {
    private static final int FENCE = 3;
    private static final int BREAKS_MAX = 2;

    private final Stage stage;
    private final boolean colour;
    private final String indent;
    private final int cellsMax;
    private final StringBuilder ready = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private int wordCells;
    private int column;
    private int spaces;
    private int breaks;
    private int mark;
    private int marks;
    private boolean code;
    private boolean strong;
    private boolean fenced;
    private boolean fenceLine;

    /** @param indent of all lines but the first, which stands where the terminal's cursor is: in that column */
    Prose(Stage stage, int indent) {
        this.stage = stage;
        this.colour = stage.terminal().colour();
        this.indent = " ".repeat(indent);
        this.cellsMax = stage.terminal().columns() - indent;
    }

    void add(String piece) {
        Plain.text(piece).codePoints().forEach(this::take);
        show();
    }

    /** Words that step back behind the others. */
    void addFaintly(String words) {
        style(Ink.FAINT, true);
        words.codePoints().forEach(this::plainly);
        style(Ink.FAINT, false);
    }

    void end() {
        settle();
        endWord();
        code = style(Ink.CYAN, code, false);
        strong = style(Ink.BOLD, strong, false);
        ready.append(word);
        word.setLength(0);
        ready.append('\n');
        show();
    }

    private void show() {
        stage.print(ready.toString());
        ready.setLength(0);
    }

    private void take(int codePoint) {
        if (colour && (codePoint == '`' || codePoint == '*')) {
            if (marks > 0 && mark != codePoint) {
                settle();
            }
            mark = codePoint;
            marks++;
            return;
        }
        settle();
        if (!fenceLine) {
            plainly(codePoint);
        } else if (codePoint == '\n') {
            fenceLine = false;
        }
    }

    /** What a run of marks means is known when it is over. */
    private void settle() {
        int count = marks;
        marks = 0;
        if (count == 0 || fenceLine) {
            return;
        }
        boolean lineBegins = word.isEmpty() && spaces == 0 && (column == 0 || breaks > 0);
        if (mark == '`' && count >= FENCE && lineBegins) {
            fenced = !fenced;
            fenceLine = true;
        } else if (mark == '`' && count == 1 && !fenced) {
            code = style(Ink.CYAN, code, !code);
        } else if (mark == '*' && count == 2 && !fenced && !code) {
            strong = style(Ink.BOLD, strong, !strong);
        } else {
            for (int i = 0; i < count; i++) {
                plainly(mark);
            }
        }
    }

    private void plainly(int codePoint) {
        if (codePoint == '\n') {
            endWord();
            breaks++;
            spaces = 0;
            code = style(Ink.CYAN, code, false);
        } else if (codePoint == ' ') {
            endWord();
            spaces++;
        } else {
            word.appendCodePoint(codePoint);
            wordCells += Cells.of(Character.toString(codePoint));
        }
    }

    private boolean style(Ink ink, boolean was, boolean is) {
        if (was != is) {
            style(ink, is);
        }
        return is;
    }

    private void style(Ink ink, boolean on) {
        if (colour) {
            word.append(on ? ink.on() : ink.off());
        }
    }

    private void endWord() {
        if (wordCells > 0) {
            boolean full = column > 0 && column + spaces + wordCells > cellsMax;
            if (breaks > 0) {
                ready.append("\n".repeat(Math.min(breaks, BREAKS_MAX))).append(indent);
                column = 0;
            } else if (full && !fenced) {
                ready.append('\n').append(indent);
                column = 0;
                spaces = 0;
            }
            ready.append(" ".repeat(spaces));
            column += spaces + wordCells;
            breaks = 0;
            spaces = 0;
        }
        ready.append(word);
        word.setLength(0);
        wordCells = 0;
    }
}
