package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Removes a tree that a hostile program has filled. Directories are opened relative to their parent and never through a
 * symbolic link; each is first moved to the top, so that no depth exhausts the stack or the length of a path.
 */
final class Removal {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final SecureDirectoryStream<Path> top;
    private final Path path;
    private long moved;

    private Removal(SecureDirectoryStream<Path> top, Path path) {
        this.top = top;
        this.path = path;
    }

    /** The tree may be gone already. Nothing may add to it any more. */
    static void remove(Path tree) throws IOException {
        if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(tree);
            return;
        }
        boolean more = true;
        while (more) {
            try (DirectoryStream<Path> listed = Files.newDirectoryStream(tree)) {
                if (!(listed instanceof SecureDirectoryStream<Path> top)) {
                    throw new IOException("this system cannot open a file relative to a directory");
                }
                more = new Removal(top, tree).flatten();
            }
        }
        Files.delete(tree);
    }

    /** One pass over the top. @return whether there is more, because directories were moved there */
    private boolean flatten() throws IOException {
        for (var entry : top) {
            var name = entry.getFileName();
            if (isDirectory(top, name)) {
                empty(name);
                top.deleteDirectory(name);
            } else {
                top.deleteFile(name);
            }
        }
        return moved > 0;
    }

    private void empty(Path directory) throws IOException {
        unlock(path.resolve(directory));
        try (var listed = top.newDirectoryStream(directory, LinkOption.NOFOLLOW_LINKS)) {
            for (var entry : listed) {
                var name = entry.getFileName();
                if (isDirectory(listed, name)) {
                    unlock(path.resolve(directory).resolve(name));
                    listed.move(name, top, fresh());
                } else {
                    listed.deleteFile(name);
                }
            }
        }
    }

    /** A directory without permissions can be neither opened nor moved. */
    private static void unlock(Path directory) throws IOException {
        var permissions = Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .permissions();
        if (!permissions.containsAll(OWNER)) {
            Files.setPosixFilePermissions(directory, OWNER);
        }
    }

    /** A name of 36 characters that nothing in the tree has. */
    private Path fresh() {
        moved++;
        return path.getFileSystem().getPath(UUID.randomUUID().toString());
    }

    private static boolean isDirectory(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
    }
}
