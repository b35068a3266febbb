package dev.handloom.kit;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where this installation keeps everything: the log, the state beside it, the client key. Made with mode 700 when it
 * does not exist.
 *
 * @param data setting {@code handloom.data}
 */
@ConfigurationProperties("handloom")
public record DataFolder(Path data) {
    /** Nothing can be kept there; the message says where and why. */
    public static class Unusable extends RuntimeException {
        public Unusable(Path data, String why) {
            super("the data folder " + data + " cannot be used: " + why);
        }

        public Unusable(Path data, IOException cause) {
            super("the data folder " + data + " cannot be used: " + why(cause), cause);
        }

        private static String why(IOException cause) {
            return switch (cause) {
                case AccessDeniedException denied -> "permission denied at " + denied.getFile();
                case FileAlreadyExistsException file -> file.getFile() + " is a file";
                case FileSystemException e when e.getReason() != null -> e.getReason();
                default -> String.valueOf(cause.getMessage());
            };
        }
    }

    /** @throws Unusable when it is not there and cannot be made */
    public DataFolder {
        data = data.toAbsolutePath().normalize();
        if (data.toString().indexOf('?') >= 0) {
            throw new IllegalArgumentException("handloom.data must not contain a question mark, which SQLite reads as "
                    + "the end of a file's name: " + data);
        }
        try {
            if (!Files.isDirectory(data)) {
                Files.createDirectories(data,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException cannotBeMade) {
            throw new Unusable(data, cannotBeMade);
        }
    }

    public Path file(String name) {
        return data.resolve(name);
    }
}
