package dev.handloom.harness.replay;

import dev.handloom.api.Json;
import dev.handloom.harness.context.strategy.Line;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Words that point at something: names, paths, identifiers of six characters and more, in what a line says. A needle is
 * such a word in the tool calls of an answer that had been said before; it is kept when the view still shows it.
 */
final class Words {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]{5,}");

    private final IdentityHashMap<Line, Set<String>> known = new IdentityHashMap<>();

    Set<String> of(Line line) {
        return known.computeIfAbsent(line, Words::read);
    }

    private static Set<String> read(Line line) {
        var words = new HashSet<String>();
        line.message().content().forEach(block -> read(parsed(block), words));
        return words;
    }

    private static JsonNode parsed(Json block) {
        return JsonMapper.shared().readTree(block.text());
    }

    private static void read(JsonNode node, Set<String> words) {
        if (node.isString()) {
            WORD.matcher(node.stringValue()).results().forEach(found -> words.add(found.group()));
        } else {
            node.forEach(part -> read(part, words));
        }
    }

    /** Those words of an answer's tool calls that were said in these lines. */
    Set<String> needles(Line answer, List<Line> said) {
        var wanted = new HashSet<String>();
        for (var block : answer.message().content()) {
            if (block.text().startsWith("{\"type\":\"tool_use\"")) {
                read(parsed(block).path("input"), wanted);
            }
        }
        wanted.removeIf(word -> !shows(said, word));
        return wanted;
    }

    boolean shows(List<Line> lines, String word) {
        for (var line : lines) {
            if (of(line).contains(word)) {
                return true;
            }
        }
        return false;
    }
}
