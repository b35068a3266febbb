package dev.handloom.sandbox.hands.jvm;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * glob and grep on virtual files. grep's patterns are RE2's, which any text can be matched with in linear time, as
 * ripgrep's can: nothing that a model writes keeps a core busy.
 */
final class SearchTools {
    private static final Set<String> PASSED_BY = Set.of(".git", "node_modules");
    private static final int PATTERN_CHARS_MAX = 10_000;
    private static final int BINARY_IF_NUL_WITHIN = 8 << 10;

    private final VirtualFiles files;

    SearchTools(VirtualFiles files) {
        this.files = files;
    }

    private record Found(Route route, Instant changed, Content content) {}

    /** The regular files at or below a place, {@code .git} and {@code node_modules} passed by. */
    private List<Found> filesBelow(Route from) throws FileRefused {
        var found = new ArrayList<Found>();
        files.walk(from, (route, node) -> {
            if (node instanceof Node.Plain plain) {
                found.add(new Found(route, node.changed(), plain.content()));
            }
            return route.equals(from) || !PASSED_BY.contains(route.name());
        });
        return found;
    }

    ToolResult glob(ToolInput.Glob input) {
        if (input.pattern().length() > PATTERN_CHARS_MAX) {
            return new ToolResult("glob: pattern must have at most " + PATTERN_CHARS_MAX + " characters", true);
        }
        try {
            var pattern = new GlobPattern(input.pattern());
            var from = files.real(Route.of(input.directory()));
            var matching = filesBelow(from).stream()
                    .filter(file -> file.route().isBelow(from) && pattern.matches(below(from, file.route())))
                    .sorted(Comparator.comparing(Found::changed)
                            .reversed()
                            .thenComparing(file -> file.route().toString()))
                    .toList();
            var lines = new ArrayList<String>();
            matching.stream().limit(ToolInput.PATHS_MAX).forEach(file -> lines.add(file.route().toString()));
            if (matching.size() > ToolInput.PATHS_MAX) {
                lines.add("[the newest " + ToolInput.PATHS_MAX + " of " + matching.size() + " matches]");
            }
            return new ToolResult(lines.isEmpty() ? "no matches" : String.join("\n", lines), false);
        } catch (FileRefused refused) {
            return FileTools.failed("glob", input.directory(), refused);
        } catch (PatternSyntaxException odd) {
            return new ToolResult("glob: the pattern cannot be understood: " + odd.getMessage(), true);
        }
    }

    private static String below(Route from, Route route) {
        return String.join("/", route.names().subList(from.names().size(), route.names().size()));
    }

    ToolResult grep(ToolInput.Grep input, StopSign stop) {
        if (input.pattern().length() > PATTERN_CHARS_MAX) {
            return new ToolResult("grep: pattern must have at most " + PATTERN_CHARS_MAX + " characters", true);
        }
        try {
            var pattern = Pattern.compile(input.pattern());
            var searched = filesBelow(files.real(Route.of(input.path())));
            searched.sort(Comparator.comparing(file -> file.route().toString()));
            var matches = new Tail();
            long deadline = System.nanoTime() + ToolInput.GREP_TIMEOUT.toNanos();
            for (var file : searched) {
                if (!isBinary(file.content()) && !search(file, pattern, matches, stop, deadline)) {
                    return new ToolResult(matches.text() + "[grep was stopped here: "
                            + (stop.isUp() ? "cancelled]" : "it took " + ToolInput.GREP_TIMEOUT.toSeconds() + " s]"),
                            true);
                }
            }
            return new ToolResult(matches.bytes() == 0
                    ? "no matches"
                    : (matches.isCut() ? "[the end of " + matches.bytes() + " bytes of matches]\n" : "")
                            + matches.text().stripTrailing(),
                    false);
        } catch (FileRefused refused) {
            return FileTools.failed("grep", input.path(), refused);
        } catch (PatternSyntaxException odd) {
            return new ToolResult("grep: the pattern cannot be understood: " + odd.getMessage(), true);
        }
    }

    private static boolean isBinary(Content content) {
        for (int at = 0; at < Math.min(content.size(), BINARY_IF_NUL_WITHIN); at++) {
            if (content.at(at) == 0) {
                return true;
            }
        }
        return false;
    }

    /** @return false when it was stopped */
    private static boolean search(Found file, Pattern pattern, Tail matches, StopSign stop, long deadline) {
        int number = 1;
        int from = 0;
        while (from < file.content().size()) {
            if (stop.isUp() || System.nanoTime() > deadline) {
                return false;
            }
            int to = from;
            while (to < file.content().size() && file.content().at(to) != '\n') {
                to++;
            }
            var line = file.content().text(from, to, StandardCharsets.UTF_8);
            if (pattern.matcher(line).find()) {
                matches.add(file.route() + ":" + number + ":" + (line.length() > ToolInput.LINE_CHARS_MAX
                        ? line.substring(0, ToolInput.LINE_CHARS_MAX) + "…"
                        : line) + "\n");
            }
            number++;
            from = to + 1;
        }
        return true;
    }
}
