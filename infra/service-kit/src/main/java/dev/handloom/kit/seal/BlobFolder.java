package dev.handloom.kit.seal;

import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Blobs as files: {@code <folder>/<owner>/<SHA-256>}. A blob whose event was then not stored is litter that nobody can
 * tell from the others; it goes with its owner.
 */
final class BlobFolder implements Blobs {
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final String DRAFT = ".new";
    private static final FileAttribute<?> OURS = PosixFilePermissions.asFileAttribute(
            PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    private BlobFolder(Path folder) {
        this.folder = folder;
    }

    /** In the data folder. What a crash left half written there is removed. */
    static BlobFolder in(DataFolder data) throws IOException {
        var folder = data.file("blobs");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, OURS);
            Force.folder(data.data());
        }
        try (var owners = Files.newDirectoryStream(folder)) {
            for (var owner : owners) {
                remove(owner, "*" + DRAFT);
            }
        }
        return new BlobFolder(folder);
    }

    @Override
    public String put(String owner, byte[] bytes) throws IOException {
        var name = sha256(bytes);
        var home = home(owner);
        var file = home.resolve(name);
        if (Files.exists(file)) {
            return name;
        }
        make(home);
        var draft = Files.createTempFile(home, "blob", DRAFT);
        try (var channel = FileChannel.open(draft, Set.of(StandardOpenOption.WRITE))) {
            Force.whole(channel, ByteBuffer.wrap(bytes));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            Files.deleteIfExists(draft);
            throw failed;
        }
        Force.folder(home);
        return name;
    }

    private void make(Path home) throws IOException {
        if (!Files.isDirectory(home)) {
            Files.createDirectories(home, OURS);
            Force.folder(folder);
        }
    }

    @Override
    public byte[] get(String owner, String sha256) throws IOException {
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256: " + sha256);
        }
        var bytes = Files.readAllBytes(home(owner).resolve(sha256));
        if (!sha256(bytes).equals(sha256)) {
            throw new IOException("blob " + sha256 + " of " + owner + " is not what it was");
        }
        return bytes;
    }

    @Override
    public void erase(String owner) throws IOException {
        var home = home(owner);
        if (Files.isDirectory(home)) {
            remove(home, "*");
            Files.deleteIfExists(home);
            Force.folder(folder);
        }
    }

    private static void remove(Path home, String names) throws IOException {
        try (var files = Files.newDirectoryStream(home, names)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException _) {
            // Somebody else removes it too.
        }
    }

    private Path home(String owner) {
        if (!OWNER.matcher(owner).matches()) {
            throw new IllegalArgumentException("no name for a folder of blobs: " + owner);
        }
        return folder.resolve(owner);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
