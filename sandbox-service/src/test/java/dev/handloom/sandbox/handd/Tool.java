package dev.handloom.sandbox.handd;

import java.nio.file.Path;

/** What a call asks for: the number of a tool, and its fields. */
final class Tool {
    static final long PATIENCE_MS = 30_000;
    static final int READ_MAX = 256 << 10;
    private static final int BASH = 1;
    private static final int READ = 2;
    private static final int WRITE = 3;
    private static final int EDIT = 4;
    private static final int GLOB = 5;
    private static final int EXEC = 6;
    private static final int NEW_SHELL = 1;
    private static final int NO_COMMAND = 2;

    private Tool() {}

    static Payload bash(String command) {
        return bash(command, PATIENCE_MS);
    }

    static Payload bash(String command, long timeoutMs) {
        return new Payload().u8(BASH).u32(timeoutMs).u8(0).str(command);
    }

    static Payload newShell() {
        return new Payload().u8(BASH).u32(PATIENCE_MS).u8(NEW_SHELL | NO_COMMAND).str("");
    }

    static Payload newShell(String command) {
        return new Payload().u8(BASH).u32(PATIENCE_MS).u8(NEW_SHELL).str(command);
    }

    static Payload read(Path path) {
        return read(path.toString(), 0, 0, READ_MAX);
    }

    static Payload read(String path, long first, long last, long bytesMax) {
        return new Payload().u8(READ).str(path).u32(first).u32(last).u32(bytesMax);
    }

    static Payload write(Path path, String content) {
        return new Payload().u8(WRITE).str(path.toString()).str(content);
    }

    static Payload edit(Path path, String old, String replacement) {
        return edit(path, old, replacement, false, READ_MAX);
    }

    static Payload edit(Path path, String old, String replacement, boolean all, long bytesMax) {
        return new Payload().u8(EDIT)
                .str(path.toString())
                .u8(all ? 1 : 0)
                .u32(bytesMax)
                .str(old)
                .str(replacement);
    }

    static Payload glob(Path directory, String pattern, long pathsMax) {
        return new Payload().u8(GLOB).str(directory.toString()).str(pattern).u32(pathsMax);
    }

    static Payload exec(Path directory, String... words) {
        return exec(PATIENCE_MS, directory, READ_MAX, words);
    }

    static Payload exec(long timeoutMs, Path directory, long outputMax, String... words) {
        var fields = new Payload().u8(EXEC).u32(timeoutMs).str(directory.toString()).u32(words.length);
        for (var word : words) {
            fields.str(word);
        }
        return fields.u32(outputMax);
    }
}
