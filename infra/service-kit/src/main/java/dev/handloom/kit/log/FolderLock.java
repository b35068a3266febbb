package dev.handloom.kit.log;

import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process off the data folder: each would take the other's unfinished work for that of a dead process,
 * and do it again. The operating system lets go of the lock when the process ends, however it ends.
 */
class FolderLock implements AutoCloseable {
    private final FileChannel file;

    FolderLock(DataFolder folder) {
        try {
            file = FileChannel.open(folder.file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!taken()) {
                file.close();
                throw new IllegalStateException("another process serves from the data folder " + folder.data()
                        + ": stop it, or name another folder with handloom.data");
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException("the data folder cannot be locked: " + folder.data(), unusable);
        }
    }

    private boolean taken() throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException here) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
