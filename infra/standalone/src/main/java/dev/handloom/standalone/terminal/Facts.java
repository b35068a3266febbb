package dev.handloom.standalone.terminal;

import java.util.ArrayList;
import java.util.List;

/** Facts under each other: a short name, and what there is to say of it, wrapped beside the name. */
public final class Facts {
    private static final int INDENT = 1;
    private static final int GAP = 3;

    private record Fact(String name, String text, boolean urgent) {}

    private final List<Fact> facts = new ArrayList<>();

    public Facts add(String name, String text) {
        facts.add(new Fact(name, text, false));
        return this;
    }

    /** A fact that its reader should not miss. */
    public Facts warn(String name, String text) {
        facts.add(new Fact(name, text, true));
        return this;
    }

    /** With a line break at the end. */
    public String on(Terminal terminal) {
        int names = facts.stream().mapToInt(fact -> Cells.of(fact.name())).max().orElse(0);
        int column = INDENT + names + GAP;
        var shown = new StringBuilder();
        for (var fact : facts) {
            var lines = Cells.wrap(fact.text(), Math.max(1, terminal.columns() - column));
            shown.append(" ".repeat(INDENT))
                    .append(terminal.faint(fact.name()))
                    .append(" ".repeat(names - Cells.of(fact.name()) + GAP));
            for (int i = 0; i < lines.size(); i++) {
                shown.append(i == 0 ? "" : " ".repeat(column))
                        .append(fact.urgent() ? terminal.paint(Ink.YELLOW, lines.get(i)) : lines.get(i))
                        .append('\n');
            }
        }
        return shown.toString();
    }
}
