package dev.handloom.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a data folder to one server: two that wrote one log would take the same positions for different events. The
 * system opens the lock when the process ends, however it ends.
 */
public final class FolderLock implements AutoCloseable {
    /** The locked file; it holds the server's process id. */
    private static final String FILE = "server.lock";
    private static final int PID_BYTES_MAX = 20;
    /**
     * The folders of this process. They are looked up before the file is touched: on POSIX systems closing any channel to
     * it would open this process's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /** @throws DataFolder.Unusable when another server works in the folder, or nothing can be written there */
    public static FolderLock take(DataFolder data) {
        try {
            var folder = data.data().toRealPath();
            if (!HELD.add(folder)) {
                throw new DataFolder.Unusable(data.data(), "another server in this process works in it");
            }
            return taken(data, folder);
        } catch (IOException unusable) {
            throw new DataFolder.Unusable(data.data(), unusable);
        }
    }

    private static FolderLock taken(DataFolder data, Path folder) throws IOException {
        FolderLock lock = null;
        try {
            var channel = FileChannel.open(folder.resolve(FILE), Set.of(
                    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            lock = new FolderLock(folder, channel);
            if (channel.tryLock() == null) {
                throw new DataFolder.Unusable(data.data(), "another server works in it, process " + holder(channel));
            }
            channel.truncate(0).write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            return lock;
        } catch (IOException | RuntimeException refused) {
            if (lock == null) {
                HELD.remove(folder);
            } else {
                lock.close();
            }
            throw refused;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var pid = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(pid, 0);
        return StandardCharsets.US_ASCII.decode(pid.flip()).toString().strip();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException broken) {
            throw new UncheckedIOException("the lock of " + folder + " cannot be let go", broken);
        } finally {
            HELD.remove(folder);
        }
    }
}
