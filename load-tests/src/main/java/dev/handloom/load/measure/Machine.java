package dev.handloom.load.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Where and when something was measured.
 *
 * @param memoryMb    of the machine
 * @param fsync       one forced append of 1 KB on the disk that was measured, in milliseconds
 * @param loadAverage of the last minute, before anything was started; what else ran then
 */
public record Machine(
        int cores,
        String processor,
        long memoryMb,
        String kernel,
        String fileSystem,
        Percentiles fsync,
        String jvm,
        Instant at,
        double loadAverage
) {
    private static final int FORCES = 2000;
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    public static Machine look(Disk disk) throws IOException {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        double load = system.getSystemLoadAverage();
        disk.force(FORCES);
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                processorName(),
                system.getTotalMemorySize() >> 20,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                disk.fileSystem(),
                disk.force(FORCES).percentiles(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Math.round(load * 100) / 100.0);
    }

    private static String processorName() throws IOException {
        var lines = Files.exists(PROCESSOR) ? Files.readAllLines(PROCESSOR) : List.<String>of();
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(System.getProperty("os.arch"));
    }
}
