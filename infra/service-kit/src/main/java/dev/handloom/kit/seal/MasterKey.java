package dev.handloom.kit.seal;

import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Wraps the keys of sessions. Whoever loses it loses every session. */
public final class MasterKey {
    /** The file in the data folder that holds a master key we made. */
    public static final String FILE = "master.key";
    private static final String SETTING = "handloom.master-key";
    private static final int BYTES = 32;

    private final SecretKey key;

    private MasterKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * The configured key, or else the one in the data folder.
     *
     * @param configured 32 bytes in Base64, or nothing
     * @param needed     whether there are keys already that it must open: then none is made
     * @throws IllegalArgumentException when the configured one is not 32 bytes in Base64
     * @throws DataFolder.Unusable      when the file cannot be used, or is needed and not there
     */
    public static MasterKey of(@Nullable String configured, DataFolder folder, boolean needed) {
        if (configured != null && !configured.isBlank()) {
            return new MasterKey(decoded(configured, new IllegalArgumentException(
                    SETTING + " must be " + BYTES + " bytes in Base64; `openssl rand -base64 32` makes such a key")));
        }
        var file = folder.file(FILE);
        try {
            if (!Files.exists(file)) {
                if (needed) {
                    throw new DataFolder.Unusable(folder.data(), "its sessions are sealed, and their master key is not "
                            + "here: set " + SETTING + ", or put " + FILE + " back");
                }
                make(folder.data());
            }
            return new MasterKey(decoded(Files.readString(file),
                    new DataFolder.Unusable(folder.data(), FILE + " does not hold " + BYTES + " bytes in Base64")));
        } catch (IOException unusable) {
            throw new DataFolder.Unusable(folder.data(), unusable);
        }
    }

    private static byte[] decoded(String text, RuntimeException otherwise) {
        try {
            var key = Base64.getDecoder().decode(text.strip());
            if (key.length == BYTES) {
                return key;
            }
        } catch (IllegalArgumentException notBase64) {
            otherwise.addSuppressed(notBase64);
        }
        throw otherwise;
    }

    /** Whole and on the disk before it has its name, so that no crash leaves a key that is half, or that is forgotten. */
    private static void make(Path folder) throws IOException {
        var text = Base64.getEncoder().encodeToString(Gcm.random(BYTES)) + "\n";
        var draft = Files.createTempFile(folder, FILE, ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = FileChannel.open(draft, Set.of(StandardOpenOption.WRITE))) {
            Force.whole(channel, StandardCharsets.US_ASCII.encode(text));
        }
        try {
            Files.createLink(folder.resolve(FILE), draft);
        } catch (FileAlreadyExistsException _) {
            // Another process was first: its key is the one.
        } finally {
            Files.delete(draft);
        }
        Force.folder(folder);
    }

    /** Whether somebody but its owner may do something with the file. */
    public static boolean isOpenToOthers(Path file) throws IOException {
        return Files.getPosixFilePermissions(file).stream().anyMatch(right -> !right.name().startsWith("OWNER_"));
    }

    byte[] wrap(byte[] secret, byte[] context) {
        return Gcm.seal(key, secret, context);
    }

    /** Null when another master key wrapped it, or its bytes are damaged. */
    byte @Nullable [] unwrap(byte[] wrapped, byte[] context) {
        return Gcm.open(key, wrapped, 0, context);
    }

    @Override
    public String toString() {
        return "a master key";
    }
}
