package dev.handloom.load.measure;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The CPU time of a process, seen from outside (on Linux from {@code /proc}, in steps of 10 ms). */
public record Cpu(OptionalLong pid) {
    public static Cpu ofThisProcess() {
        return new Cpu(OptionalLong.of(ProcessHandle.current().pid()));
    }

    /** User and system time since the process began; empty when there is no such process to look at. */
    public Optional<Duration> time() {
        return pid.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(pid.getAsLong()).flatMap(process -> process.info().totalCpuDuration());
    }
}
