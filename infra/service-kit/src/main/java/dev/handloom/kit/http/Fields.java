package dev.handloom.kit.http;

import dev.handloom.kit.http.ApiSettings.UnknownFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the fields of one JSON object of a request. Every complaint names the field by its path from the top of the
 * body. A field that is absent and one that is null differ only for {@link #has}. Text lengths are in Unicode
 * characters.
 */
public final class Fields {
    private final String path;
    private final JsonNode object;
    private final UnknownFields unknown;

    /** @param path where the object stands, empty at the top of the body */
    public Fields(String path, JsonNode object, UnknownFields unknown) {
        this.path = path;
        this.object = object;
        this.unknown = unknown;
    }

    /** The object itself, verbatim. */
    public JsonNode json() {
        return object;
    }

    /** Those of these fields that have one of {@code names}. */
    public Fields keep(String... names) {
        var kept = JsonMapper.shared().createObjectNode();
        for (var name : names) {
            if (object.has(name)) {
                kept.set(name, object.get(name));
            }
        }
        return new Fields(path, kept, unknown);
    }

    /** These fields, and in place of each of {@code names} that was not sent, the one that is stored. */
    public Fields orElse(ObjectNode stored, String... names) {
        var merged = JsonMapper.shared().createObjectNode();
        object.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        for (var name : names) {
            if (!object.has(name) && stored.has(name)) {
                merged.set(name, stored.get(name));
            }
        }
        return new Fields(path, merged, unknown);
    }

    /** Where a field stands, as the client wrote it: {@code tools[2].name}. */
    public String path(String name) {
        return join(path, name);
    }

    /** Where this object stands; "body" at the top. */
    public String path() {
        return path.isEmpty() ? "body" : path;
    }

    static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static String path(JsonPointer pointer) {
        var path = new StringBuilder();
        for (@Nullable
        JsonPointer rest = pointer; rest != null && !rest.matches(); rest = rest.tail()) {
            if (rest.mayMatchElement()) {
                path.append('[').append(rest.getMatchingIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(rest.getMatchingProperty());
            }
        }
        return path.toString();
    }

    public Problem invalid(String name, String message) {
        return Problem.invalid(path(name), message);
    }

    /** Whether the field was sent at all, be it as null. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** Whether the field was sent with a value. */
    public boolean hasValue(String name) {
        return object.hasNonNull(name);
    }

    /** Refuses fields the contract does not know, where the installation is told to ({@link ApiSettings}). */
    public Fields know(String... names) {
        return unknown == UnknownFields.REFUSE ? only(names) : this;
    }

    /** Refuses any other field. */
    public Fields only(String... names) {
        var known = Set.of(names);
        for (var name : object.propertyNames()) {
            if (!known.contains(name)) {
                throw invalid(name, "is not a known field");
            }
        }
        return this;
    }

    /** @return text of {@code min} to {@code max} characters */
    public String requireString(String name, int min, int max) {
        var text = optionalString(name, max);
        if (text == null) {
            throw invalid(name, has(name) ? "must be a string, not null" : "is required");
        }
        if (text.codePointCount(0, text.length()) < min) {
            throw invalid(name, min == 1 ? "must not be empty" : "must have at least " + min + " characters");
        }
        return text;
    }

    /** @return text of at most {@code max} characters; null when the field is absent or null */
    public @Nullable String optionalString(String name, int max) {
        var value = value(name);
        return value == null ? null : text(path(name), value, max);
    }

    private static String text(String path, JsonNode value, int max) {
        if (!value.isString()) {
            throw Problem.invalid(path, "must be a string, not " + kindOf(value));
        }
        var text = value.stringValue();
        if (text.codePointCount(0, text.length()) > max) {
            throw Problem.invalid(path, "may have at most " + max + " characters");
        }
        return text;
    }

    /** @return one of {@code allowed} */
    public String requireOneOf(String name, String... allowed) {
        var text = requireString(name, 0, Integer.MAX_VALUE);
        if (!List.of(allowed).contains(text)) {
            throw invalid(name, "must be " + choice(allowed) + ", not " + quoted(text));
        }
        return text;
    }

    /** @return one of {@code allowed}; null when the field is absent or null */
    public @Nullable String optionalOneOf(String name, String... allowed) {
        return hasValue(name) ? requireOneOf(name, allowed) : null;
    }

    private static String choice(String... allowed) {
        return allowed.length == 1
                ? quoted(allowed[0])
                : "one of " + String.join(", ", List.of(allowed).stream().map(Fields::quoted).toList());
    }

    private static String quoted(String text) {
        return "\"" + (text.length() > 64 ? text.substring(0, 64) + "…" : text) + "\"";
    }

    public boolean bool(String name, boolean otherwise) {
        var value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid(name, "must be true or false, not " + kindOf(value));
        }
        return value.booleanValue();
    }

    /** @return a whole number from {@code min} to {@code max}; null when the field is absent or null */
    public @Nullable Long optionalInteger(String name, long min, long max) {
        var value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            throw invalid(name, "must be a whole number, not " + kindOf(value));
        }
        if (!value.canConvertToLong() || value.longValue() < min || value.longValue() > max) {
            throw invalid(name, max == Long.MAX_VALUE ? "must be at least " + min : "must be " + min + " to " + max);
        }
        return value.longValue();
    }

    public Fields requireObject(String name) {
        var value = optionalObject(name);
        if (value == null) {
            throw invalid(name, has(name) ? "must be an object, not null" : "is required");
        }
        return value;
    }

    public @Nullable Fields optionalObject(String name) {
        var value = value(name);
        return value == null ? null : object(path(name), value);
    }

    private Fields object(String at, JsonNode value) {
        if (!value.isObject()) {
            throw Problem.invalid(at, "must be an object, not " + kindOf(value));
        }
        return new Fields(at, value, unknown);
    }

    /** @return at most {@code max} objects; none when the field is absent or null */
    public List<Fields> objects(String name, int max) {
        return list(name, max, this::object);
    }

    /** @return at most {@code max} texts of at most {@code charsMax} characters; none when the field is absent or null */
    public List<String> strings(String name, int max, int charsMax) {
        return list(name, max, (at, value) -> text(at, value, charsMax));
    }

    private <T> List<T> list(String name, int max, BiFunction<String, JsonNode, T> read) {
        var value = value(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw invalid(name, "must be an array, not " + kindOf(value));
        }
        if (value.size() > max) {
            throw invalid(name, "may have at most " + max + " entries");
        }
        var list = new ArrayList<T>(value.size());
        for (var entry : value) {
            list.add(read.apply(path(name) + "[" + list.size() + "]", entry));
        }
        return List.copyOf(list);
    }

    /** @return the metadata of something new; empty when the field is absent or null */
    public Map<String, String> metadata(String name) {
        return Metadata.read(path(name), value(name));
    }

    /** @return what becomes of which key, null meaning that it goes; empty when the field is absent or null */
    public Map<String, @Nullable String> metadataPatch(String name) {
        var value = value(name);
        return value == null ? Map.of() : Metadata.readPatch(path(name), value);
    }

    /** The field's value as sent; null when it is absent or null. */
    public @Nullable JsonNode value(String name) {
        var value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BOOLEAN -> "a boolean";
            case NUMBER -> value.isIntegralNumber() ? "a number" : "a fraction";
            case NULL, MISSING -> "null";
            case BINARY, POJO -> "something else";
        };
    }
}
