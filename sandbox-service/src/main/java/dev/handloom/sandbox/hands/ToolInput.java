package dev.handloom.sandbox.hands;

import dev.handloom.api.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a tool of the agent toolset is asked to do (contract/worker.md §6). Names, fields and limits are the official
 * toolset's, so that what a model learned there holds here.
 */
public sealed interface ToolInput {
    /** The longest file that read returns whole and edit changes, and the longest selection of a longer one, in bytes. */
    int FILE_BYTES_MAX = 256 << 10;
    /** The most paths glob returns. */
    int PATHS_MAX = 200;
    /** The longest output of bash and grep that the model reads, in bytes: the end of it. */
    int OUTPUT_BYTES_MAX = 100 << 10;
    /** Longer lines of grep's output are cut, in characters. */
    int LINE_CHARS_MAX = 2000;
    /** How long grep may take. */
    Duration GREP_TIMEOUT = Duration.ofSeconds(60);
    /** Where relative paths begin and where a new shell stands. */
    String WORKSPACE = "/workspace";

    /** What the model wrote does not fit the tool; the message is for the model. */
    class Unfit extends Exception {
        public Unfit(String message) {
            super(message);
        }

        /** Never null: the constructor asks for a message. */
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /**
     * @param command null only with {@code restart}
     * @param restart a new shell first
     * @param timeout null when the model left it to us
     */
    record Bash(@Nullable String command, boolean restart, @Nullable Duration timeout) implements ToolInput {}

    /**
     * @param path      absolute, below the sandbox's own root
     * @param firstLine from 1; 0 for the whole file
     * @param lastLine  included; 0 for the end of the file
     */
    record Read(String path, int firstLine, int lastLine) implements ToolInput {}

    record Write(String path, String content) implements ToolInput {}

    /** @param old must occur, and only once unless {@code all} */
    record Edit(String path, String old, String replacement, boolean all) implements ToolInput {}

    /** @param pattern relative, without {@code ..}; {@code **} spans directories */
    record Glob(String pattern, String directory) implements ToolInput {}

    /** @param path a file or a directory */
    record Grep(String pattern, String path) implements ToolInput {}

    /**
     * @param name  bash, read, write, edit, glob or grep
     * @param input the object the model wrote; fields the tool does not know are passed over
     */
    static ToolInput of(String name, Json input) throws Unfit {
        var fields = JsonMapper.shared().readTree(input.text());
        if (!fields.isObject()) {
            throw new Unfit("the input must be an object");
        }
        return switch (name) {
            case "bash" -> bash(fields);
            case "read" -> read(fields);
            case "write" -> new Write(path(fields, "file_path"), text(fields, "content"));
            case "edit" -> edit(fields);
            case "glob" -> glob(fields);
            case "grep" -> new Grep(notEmpty("pattern", text(fields, "pattern")), directory(fields));
            default -> throw new Unfit("there is no tool named " + name);
        };
    }

    private static Bash bash(JsonNode fields) throws Unfit {
        boolean restart = flag(fields, "restart");
        var command = fields.hasNonNull("command") ? text(fields, "command") : null;
        if (command == null && !restart) {
            throw new Unfit("command is required, unless restart is true");
        }
        if (command != null && command.indexOf('\0') >= 0) {
            throw new Unfit("command must not contain a NUL character");
        }
        var timeout = fields.path("timeout_ms");
        if (timeout.isMissingNode() || timeout.isNull()) {
            return new Bash(command, restart, null);
        }
        if (!timeout.isIntegralNumber() || !timeout.canConvertToInt() || timeout.asInt() < 1) {
            throw new Unfit("timeout_ms must be a positive whole number of milliseconds");
        }
        return new Bash(command, restart, Duration.ofMillis(timeout.asInt()));
    }

    private static Read read(JsonNode fields) throws Unfit {
        var path = path(fields, "file_path");
        var range = fields.path("view_range");
        if (range.isMissingNode() || range.isNull()) {
            return new Read(path, 0, 0);
        }
        if (!range.isArray() || range.size() != 2 || !range.get(0).canConvertToInt() || !range.get(1).canConvertToInt()
                || !range.get(0).isIntegralNumber() || !range.get(1).isIntegralNumber()) {
            throw new Unfit("view_range must be [start_line, end_line]");
        }
        int first = Math.max(1, range.get(0).asInt());
        int last = Math.max(0, range.get(1).asInt());
        if (last > 0 && last < first) {
            throw new Unfit("view_range ends before it begins");
        }
        return new Read(path, first, last);
    }

    private static Edit edit(JsonNode fields) throws Unfit {
        var old = notEmpty("old_string", text(fields, "old_string"));
        var replacement = text(fields, "new_string");
        if (old.equals(replacement)) {
            throw new Unfit("old_string and new_string are the same");
        }
        return new Edit(path(fields, "file_path"), old, replacement, flag(fields, "replace_all"));
    }

    private static Glob glob(JsonNode fields) throws Unfit {
        var pattern = notEmpty("pattern", text(fields, "pattern"));
        if (pattern.startsWith("/") || ("/" + pattern + "/").contains("/../")) {
            throw new Unfit("pattern must be relative and must not contain \"..\"; use path to search elsewhere");
        }
        return new Glob(pattern, directory(fields));
    }

    private static String directory(JsonNode fields) throws Unfit {
        return fields.hasNonNull("path") ? path(fields, "path") : WORKSPACE;
    }

    private static String path(JsonNode fields, String name) throws Unfit {
        var path = notEmpty(name, text(fields, name));
        if (path.indexOf('\0') >= 0) {
            throw new Unfit(name + " must not contain a NUL character");
        }
        return path.startsWith("/") ? path : WORKSPACE + "/" + path;
    }

    private static String text(JsonNode fields, String name) throws Unfit {
        var value = fields.path(name);
        if (!value.isString()) {
            throw new Unfit(name + (value.isMissingNode() || value.isNull() ? " is required" : " must be a string"));
        }
        return value.asString();
    }

    private static String notEmpty(String name, String value) throws Unfit {
        if (value.isEmpty()) {
            throw new Unfit(name + " must not be empty");
        }
        return value;
    }

    private static boolean flag(JsonNode fields, String name) throws Unfit {
        var value = fields.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
            throw new Unfit(name + " must be true or false");
        }
        return value.asBoolean(false);
    }
}
