package dev.handloom.standalone.demo;

import dev.handloom.standalone.terminal.Cells;
import dev.handloom.standalone.terminal.Ink;
import dev.handloom.standalone.terminal.Plain;
import dev.handloom.standalone.terminal.Terminal;
import dev.handloom.standalone.terminal.Took;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A tool call and what came of it: a line that names it, and below it the few lines that tell most. */
final class ToolCard {
    private static final String WORKSPACE = "/workspace/";
    private static final int INDENT = 3;
    private static final int EDGE = 2;
    /** Longer outputs are shown by their beginning and their end. */
    private static final int LINES_MAX = 9;
    private static final int LAST_LINES = 3;
    private static final int WRITTEN_LINES_MAX = 4;
    /** To leave out fewer lines is not worth the line that says so. */
    private static final int SPARED_LEAST = 3;

    private final Terminal terminal;

    ToolCard(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The call on one line, as long as it may be. */
    static String title(Heard.ToolAsked call) {
        return call.tool() + " " + subject(call);
    }

    private static String subject(Heard.ToolAsked call) {
        var input = call.input();
        return Plain.line(switch (call.tool()) {
            case "bash" -> input.path("restart").asBoolean(false) ? "restart" : firstLine(text(input, "command"));
            case "read" -> path(text(input, "file_path")) + (input.path("view_range").isArray()
                    ? " " + input.path("view_range")
                    : "");
            case "write", "edit" -> path(text(input, "file_path"));
            case "glob", "grep" ->
                text(input, "pattern") + (input.has("path") ? " in " + path(text(input, "path")) : "");
            default -> input.toString();
        });
    }

    private static String firstLine(String command) {
        var lines = command.strip().split("\n", 2);
        return lines.length == 1 ? lines[0] : lines[0] + " ...";
    }

    private static String path(String path) {
        return path.startsWith(WORKSPACE) ? path.substring(WORKSPACE.length()) : path;
    }

    private static String text(JsonNode input, String field) {
        return input.path(field).asString("");
    }

    /** @return with a line break at the end */
    String show(Heard.ToolAsked call, Heard.ToolAnswered answer) {
        var glyphs = terminal.glyphs();
        var dot = answer.failed() ? terminal.paint(Ink.RED, glyphs.no()) : terminal.paint(Ink.GREEN, glyphs.dot());
        var took = Took.words(Duration.between(call.at(), answer.at()));
        int room = terminal.columns() - INDENT - call.tool().length() - 2 - Cells.of(took) - 2;
        var subject = Cells.cut(subject(call), room, glyphs.more());
        var card = new StringBuilder(" ").append(dot)
                .append(' ')
                .append(terminal.bold(call.tool()))
                .append("  ")
                .append(subject)
                .append(" ".repeat(Math.max(0, room - Cells.of(subject)) + 2))
                .append(terminal.faint(took))
                .append('\n');
        for (var line : body(call, answer)) {
            card.append(" ".repeat(INDENT)).append(terminal.faint(glyphs.edge())).append(' ').append(line).append('\n');
        }
        return card.toString();
    }

    boolean hasBody(Heard.ToolAsked call, Heard.ToolAnswered answer) {
        return !body(call, answer).isEmpty();
    }

    private List<String> body(Heard.ToolAsked call, Heard.ToolAnswered answer) {
        int cells = terminal.columns() - INDENT - EDGE;
        if (answer.failed()) {
            return clipped(lines(answer.text()).stream().flatMap(line -> Cells.wrap(line, cells).stream()).toList(),
                    LINES_MAX, LAST_LINES);
        }
        var lines = switch (call.tool()) {
            case "write" -> clipped(lines(text(call.input(), "content")), WRITTEN_LINES_MAX, 0);
            case "edit" -> {
                var changes = new ArrayList<String>();
                lines(text(call.input(), "old_string")).forEach(line -> changes.add("- " + line));
                lines(text(call.input(), "new_string")).forEach(line -> changes.add("+ " + line));
                yield clipped(changes, LINES_MAX, LAST_LINES);
            }
            default -> clipped(lines(answer.text()), LINES_MAX, LAST_LINES);
        };
        return lines.stream()
                .map(line -> ink(call.tool(), Cells.cut(line, cells, terminal.glyphs().more())))
                .toList();
    }

    private String ink(String tool, String line) {
        if (tool.equals("edit") && line.startsWith("- ")) {
            return terminal.paint(Ink.RED, line);
        }
        if (tool.equals("edit") && line.startsWith("+ ")) {
            return terminal.paint(Ink.GREEN, line);
        }
        return terminal.faint(line);
    }

    private static List<String> lines(String text) {
        var plain = Plain.text(text).stripTrailing();
        return plain.isEmpty() ? List.of() : plain.lines().toList();
    }

    private List<String> clipped(List<String> lines, int linesMax, int last) {
        if (lines.size() <= linesMax + SPARED_LEAST - 1) {
            return lines;
        }
        int first = linesMax - last;
        int left = lines.size() - first - last;
        var clipped = new ArrayList<>(lines.subList(0, first));
        clipped.add(terminal.glyphs().more() + " " + left + " more lines");
        clipped.addAll(lines.subList(lines.size() - last, lines.size()));
        return clipped;
    }
}
