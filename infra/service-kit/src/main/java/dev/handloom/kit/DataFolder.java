package dev.handloom.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
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
            throw new UncheckedIOException("handloom.data cannot be used: " + data, cannotBeMade);
        }
    }

    public Path file(String name) {
        return data.resolve(name);
    }
}
