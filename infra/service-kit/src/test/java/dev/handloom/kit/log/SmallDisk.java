package dev.handloom.kit.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few megabytes. Needs the right to mount; without it the test is skipped and says so. */
public record SmallDisk(Path folder) implements AutoCloseable {
    private static final int BLOCK = 4096;

    public static SmallDisk mount(Path folder, int megabytes) throws IOException {
        Files.createDirectories(folder);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "handloom-test",
                folder.toString());
        Assumptions.assumeTrue(mounted, "skipped: mounting a small file system needs root");
        return new SmallDisk(folder);
    }

    private static boolean run(String... command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue() == 0;
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }

    /** Fills the disk with other people's data until so many bytes are left. */
    public void leaveFree(long bytes) throws IOException {
        try (var file = new RandomAccessFile(ballast().toFile(), "rw")) {
            file.seek(file.length());
            var block = new byte[BLOCK];
            while (folder.toFile().getUsableSpace() > bytes + BLOCK) {
                file.write(block);
            }
        }
    }

    /** Other people's data is gone. */
    public void free() throws IOException {
        Files.delete(ballast());
    }

    @Override
    public void close() throws IOException {
        run("umount", folder.toString());
    }
}
