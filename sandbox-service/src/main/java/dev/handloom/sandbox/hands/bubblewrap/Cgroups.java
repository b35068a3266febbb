package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.HandsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** Control groups that limit a whole hand, for a service that may make some: root's. Either version of them will do. */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final long PERIOD_MICROS = 100_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /** The groups of one hand: one directory in each hierarchy. */
    record Group(List<Path> directories) {
        static final Group NONE = new Group(List.of());

        /** A group with processes in it stays. Never throws. */
        boolean remove() {
            boolean gone = true;
            for (var directory : directories) {
                try {
                    Files.deleteIfExists(directory);
                } catch (IOException stillUsed) {
                    gone = false;
                }
            }
            return gone;
        }

        /** Waits for what ends a moment after the program that was waited for. */
        boolean remove(Duration within) throws InterruptedException {
            long until = System.nanoTime() + within.toNanos();
            while (!remove()) {
                if (System.nanoTime() > until) {
                    return false;
                }
                Thread.sleep(LOOK_EVERY);
            }
            return true;
        }
    }

    private final String prefix;

    /** @param installation whose hands they are */
    Cgroups(String installation) {
        this.prefix = "handloom-" + installation + "-";
    }

    /**
     * @param id of the hand
     * @throws IOException when this process may not make them
     */
    Group make(String id, HandsSettings settings) throws IOException {
        var group = group(id);
        try {
            return version2() ? make2(group, settings) : make1(group, settings);
        } catch (IOException refused) {
            group.remove();
            throw refused;
        }
    }

    /** Those of a hand, made or not. */
    Group group(String id) {
        return new Group(hierarchies().stream().map(hierarchy -> hierarchy.resolve(prefix + id)).toList());
    }

    /** Removes the groups in which nothing runs. */
    void sweep() throws IOException {
        for (var hierarchy : hierarchies()) {
            if (Files.isDirectory(hierarchy)) {
                try (var groups = Files.newDirectoryStream(hierarchy, prefix + "*")) {
                    groups.forEach(group -> new Group(List.of(group)).remove());
                }
            }
        }
    }

    private static List<Path> hierarchies() {
        return version2()
                ? List.of(ROOT)
                : List.of(ROOT.resolve("pids"), ROOT.resolve("memory"), ROOT.resolve("cpu"));
    }

    private static boolean version2() {
        return Files.exists(ROOT.resolve("cgroup.controllers"));
    }

    private Group make2(Group group, HandsSettings settings) throws IOException {
        var directory = group.directories().getFirst();
        write(ROOT.resolve("cgroup.subtree_control"), "+cpu +memory +pids");
        Files.createDirectory(directory);
        write(directory.resolve("pids.max"), Integer.toString(settings.pids()));
        write(directory.resolve("memory.max"), Long.toString(settings.memory().toBytes()));
        if (Files.exists(directory.resolve("memory.swap.max"))) {
            write(directory.resolve("memory.swap.max"), "0");
        }
        write(directory.resolve("cpu.max"), quota(settings) + " " + PERIOD_MICROS);
        return group;
    }

    private static Group make1(Group group, HandsSettings settings) throws IOException {
        for (var directory : group.directories()) {
            Files.createDirectory(directory);
        }
        // In the order of the hierarchies.
        write(group.directories().get(0).resolve("pids.max"), Integer.toString(settings.pids()));
        write(group.directories().get(1).resolve("memory.limit_in_bytes"), Long.toString(settings.memory().toBytes()));
        write(group.directories().get(2).resolve("cpu.cfs_quota_us"), Long.toString(quota(settings)));
        return group;
    }

    private static long quota(HandsSettings settings) {
        return Math.round(settings.cpus() * PERIOD_MICROS);
    }

    private static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }
}
