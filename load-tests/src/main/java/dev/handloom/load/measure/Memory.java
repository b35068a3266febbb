package dev.handloom.load.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** The memory of a process, seen from outside: on Linux from {@code /proc}. */
public record Memory(OptionalLong pid) {
    private static final String RESIDENT = "VmRSS:";

    /** What it has in memory, in KiB; empty where that cannot be seen. */
    public OptionalLong residentKb() {
        if (pid.isEmpty()) {
            return OptionalLong.empty();
        }
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(pid.getAsLong()), "status"))) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.substring(RESIDENT.length()).strip().split(" ", 2)[0]))
                    .findFirst();
        } catch (IOException unseen) {
            return OptionalLong.empty();
        }
    }
}
