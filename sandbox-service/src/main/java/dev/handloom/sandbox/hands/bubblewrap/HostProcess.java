package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.handd.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The first process of a sandbox as the host sees it. When it ends, the kernel ends all others of its namespace.
 *
 * @param started when, in clock ticks since boot: together with the id it names no other process, until a reboot
 * @param group   that limits all of them
 * @param log     what bwrap and handd complained of
 */
record HostProcess(long pid, long started, Cgroups.Group group, Path log) implements Sandbox {
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);
    private static final Pattern NAME = Pattern.compile("(\\d{1,10}):.*");
    /** The state and the start time among the fields of /proc/PID/stat that follow the name (proc(5)). */
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** Empty when there is no such process. */
    static Optional<HostProcess> of(long pid, Cgroups.Group group, Path log) {
        long started = started(pid);
        return started < 0 ? Optional.empty() : Optional.of(new HostProcess(pid, started, group, log));
    }

    /** What {@link #name} gave, if that process still runs. */
    static Optional<HostProcess> named(String name, Cgroups.Group group, Path log) {
        var pid = NAME.matcher(name);
        return pid.matches()
                ? of(Long.parseLong(pid.group(1)), group, log).filter(process -> process.name().equals(name))
                : Optional.empty();
    }

    String name() {
        return pid + ":" + started + "@" + boot();
    }

    @Override
    public boolean alive() {
        return started(pid) == started;
    }

    @Override
    public boolean end(Duration within) {
        long until = System.nanoTime() + within.toNanos();
        try {
            while (alive()) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                if (System.nanoTime() > until) {
                    return false;
                }
                Thread.sleep(LOOK_EVERY);
            }
            group.remove(Duration.ofNanos(until - System.nanoTime()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return !alive();
    }

    @Override
    public String lastWords() {
        return Launch.complaints(log);
    }

    /** -1 when there is no such process, or only its exit status is left. */
    private static long started(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[STATE].equals("Z") || fields[STATE].equals("X") ? -1 : Long.parseLong(fields[START_TIME]);
        } catch (IOException | RuntimeException gone) {
            return -1;
        }
    }

    private static String boot() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException unknown) {
            return "";
        }
    }
}
