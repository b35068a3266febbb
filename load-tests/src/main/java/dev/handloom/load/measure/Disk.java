package dev.handloom.load.measure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The floor under every durable append: a bare loop of 1 KB appended and forced to the disk. */
public record Disk(Path folder) {
    private static final int BYTES = 1024;
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** @param times how many appends, 1 or more; fewer when they take longer than a second */
    public Latencies force(int times) throws IOException {
        var file = Files.createTempFile(folder, "force", ".tmp");
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.allocateDirect(BYTES);
            var latencies = new Latencies();
            long end = System.nanoTime() + LONGEST.toNanos();
            for (int i = 0; i < times && System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                channel.write(bytes.clear());
                channel.force(false);
                latencies.add(System.nanoTime() - start);
            }
            return latencies;
        } finally {
            Files.delete(file);
        }
    }

    /** Its type, such as ext4. */
    String fileSystem() throws IOException {
        return Files.getFileStore(folder).type();
    }
}
