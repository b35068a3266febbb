package dev.handloom.kit.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The client's own key-value pairs, and the rules they share everywhere (contract/resources.md, common rules). */
public final class Metadata {
    public static final int PAIRS_MAX = 16;
    static final int KEY_CHARS_MAX = 64;
    static final int VALUE_CHARS_MAX = 512;
    private static final String CODE = "invalid_metadata";

    private Metadata() {}

    static Map<String, String> read(String path, @Nullable JsonNode value) {
        var metadata = new TreeMap<String, String>();
        if (value != null) {
            readPatch(path, value).forEach((key, text) -> {
                if (text == null) {
                    throw Problem.invalid(Fields.join(path, key), "must be a string, not null", CODE);
                }
                metadata.put(key, text);
            });
        }
        requireFew(path, metadata.size());
        return Map.copyOf(metadata);
    }

    static SequencedMap<String, @Nullable String> readPatch(String path, JsonNode value) {
        if (!value.isObject()) {
            throw Problem.invalid(path, "must be an object, not " + Fields.kindOf(value), CODE);
        }
        var patch = new LinkedHashMap<String, @Nullable String>();
        value.properties().forEach(pair -> {
            int keyChars = pair.getKey().codePointCount(0, pair.getKey().length());
            if (keyChars < 1 || keyChars > KEY_CHARS_MAX) {
                throw Problem.invalid(path, "keys must have 1 to " + KEY_CHARS_MAX + " characters", CODE);
            }
            patch.put(pair.getKey(), text(Fields.join(path, pair.getKey()), pair.getValue()));
        });
        return patch;
    }

    private static @Nullable String text(String path, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw Problem.invalid(path, "must be a string, not " + Fields.kindOf(value), CODE);
        }
        var text = value.stringValue();
        if (text.codePointCount(0, text.length()) > VALUE_CHARS_MAX) {
            throw Problem.invalid(path, "may have at most " + VALUE_CHARS_MAX + " characters", CODE);
        }
        return text;
    }

    /**
     * The metadata after a patch: texts are set, nulls remove their key.
     *
     * @param path for the complaint, should the result have too many pairs
     */
    public static Map<String, String> patched(
            String path,
            Map<String, String> stored,
            Map<String, @Nullable String> patch
    ) {
        var result = new HashMap<>(stored);
        patch.forEach((key, text) -> {
            if (text == null) {
                result.remove(key);
            } else {
                result.put(key, text);
            }
        });
        requireFew(path, result.size());
        return Map.copyOf(result);
    }

    private static void requireFew(String path, int pairs) {
        if (pairs > PAIRS_MAX) {
            throw Problem.invalid(path, "may have at most " + PAIRS_MAX + " pairs, not " + pairs, CODE);
        }
    }
}
