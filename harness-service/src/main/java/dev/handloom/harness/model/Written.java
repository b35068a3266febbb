package dev.handloom.harness.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes JSON apart without changing a character of its parts: number forms, escapes, order and spaces stay as they were
 * written. Whoever uses it has made sure that the text is JSON.
 */
public final class Written {
    private final String text;
    private int at;

    private Written(String text) {
        this.text = text;
    }

    /** The members of an object, in order; the last of those that share a name. */
    public static Map<String, String> members(String object) {
        var written = new Written(object);
        var members = new LinkedHashMap<String, String>();
        for (boolean more = written.enter('{', '}'); more; more = written.goOn('}')) {
            var quoted = written.value();
            written.pass(':');
            members.put(string(quoted), written.value());
        }
        return members;
    }

    /** The elements of an array. */
    public static List<String> elements(String array) {
        var written = new Written(array);
        var elements = new ArrayList<String>();
        for (boolean more = written.enter('[', ']'); more; more = written.goOn(']')) {
            elements.add(written.value());
        }
        return elements;
    }

    /** The opposite of {@link #members}. */
    public static String object(Map<String, String> members) {
        var text = new StringBuilder("{");
        members.forEach((name, value) -> text.append(text.length() == 1 ? "" : ",")
                .append(JsonMapper.shared().writeValueAsString(name))
                .append(':')
                .append(value));
        return text.append('}').toString();
    }

    public static boolean isObject(String value) {
        return value.startsWith("{");
    }

    static boolean isString(String value) {
        return value.startsWith("\"");
    }

    /** What a string literal stands for; empty for any other value. */
    static String string(String literal) {
        if (!isString(literal)) {
            return "";
        }
        return literal.indexOf('\\') < 0
                ? literal.substring(1, literal.length() - 1)
                : JsonMapper.shared().readTree(literal).asString();
    }

    private boolean enter(char opening, char closing) {
        pass(opening);
        passSpace();
        return text.charAt(at) != closing;
    }

    private boolean goOn(char closing) {
        passSpace();
        if (text.charAt(at) == closing) {
            return false;
        }
        pass(',');
        return true;
    }

    private void pass(char expected) {
        passSpace();
        if (text.charAt(at) != expected) {
            throw new IllegalArgumentException("'" + expected + "' is missing at " + at);
        }
        at++;
    }

    private void passSpace() {
        while (text.charAt(at) <= ' ') {
            at++;
        }
    }

    private String value() {
        passSpace();
        int start = at;
        switch (text.charAt(at)) {
            case '"' -> passString();
            case '{', '[' -> passNested();
            default -> {
                while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
            }
        }
        return text.substring(start, at);
    }

    private void passString() {
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
        }
        at++;
    }

    private void passNested() {
        int depth = 0;
        do {
            switch (text.charAt(at)) {
                case '"' -> {
                    passString();
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {}
            }
            at++;
        } while (depth > 0);
    }
}
