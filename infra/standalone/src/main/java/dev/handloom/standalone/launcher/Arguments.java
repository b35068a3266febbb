package dev.handloom.standalone.launcher;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options as typed: {@code --name value}, {@code --name=value}, or a bare {@code --name}. */
record Arguments(Map<String, String> given) {
    private static final String BARE = "";

    /**
     * @param valued the names of options that take a value
     * @param bare   the names of those that take none
     * @throws Misuse for an option that is in neither, comes twice, or lacks its value
     */
    static Arguments read(List<String> typed, Set<String> valued, Set<String> bare) {
        var given = new LinkedHashMap<String, String>();
        for (var rest = typed.iterator(); rest.hasNext();) {
            var word = rest.next();
            int equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            String value;
            if (bare.contains(name)) {
                if (equals >= 0) {
                    throw new Misuse(name + " takes no value");
                }
                value = BARE;
            } else if (!valued.contains(name)) {
                throw new Misuse(name.startsWith("-") ? "unknown option: " + name : "unexpected: " + word);
            } else if (equals >= 0) {
                value = word.substring(equals + 1);
            } else if (rest.hasNext()) {
                value = rest.next();
            } else {
                value = "";
            }
            if (value.isEmpty() && valued.contains(name)) {
                throw new Misuse(name + " needs a value");
            }
            if (given.putIfAbsent(name, value) != null) {
                throw new Misuse(name + " is given twice");
            }
        }
        return new Arguments(given);
    }

    boolean has(String name) {
        return given.containsKey(name);
    }

    @Nullable
    String text(String name) {
        return given.get(name);
    }

    @Nullable
    Integer number(String name, int least, int most) {
        var text = given.get(name);
        if (text == null) {
            return null;
        }
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.valueOf(text);
        }
        throw new Misuse(name + " must be a whole number from " + least + " to " + most + ", not " + text);
    }

    @Nullable
    Duration seconds(String name, int least, int most) {
        var seconds = number(name, least, most);
        return seconds == null ? null : Duration.ofSeconds(seconds);
    }

    @Nullable
    Path path(String name) {
        var text = given.get(name);
        try {
            return text == null ? null : Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException _) {
            throw new Misuse(name + " is not a path: " + text);
        }
    }

    @Nullable
    String oneOf(String name, List<String> choices) {
        var text = given.get(name);
        if (text != null && !choices.contains(text)) {
            throw new Misuse(name + " must be one of " + String.join(", ", choices) + ", not " + text);
        }
        return text;
    }
}
