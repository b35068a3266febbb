package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Makes files and directories with a mode, whatever the umask is. */
public final class Modes {
    private Modes() {}

    /** Makes the directory, or gives the one that is there the mode. */
    public static void directory(Path path, String mode) throws IOException {
        var permissions = PosixFilePermissions.fromString(mode);
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(permissions));
        }
        Files.setPosixFilePermissions(path, permissions);
    }

    /** The file must not be there yet. It never has more than the mode, not even for a moment. */
    public static void file(Path path, String mode, byte[] content) throws IOException {
        var permissions = PosixFilePermissions.fromString(mode);
        try (var file = Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(permissions))) {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }
        Files.setPosixFilePermissions(path, permissions);
    }
}
