package dev.handloom.kit.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The key that clients must show. Only its digest is kept in memory. */
public final class ApiKey {
    /** The file in the data folder that holds a key we made. */
    public static final String FILE = "api-key";
    private static final int RANDOM_BYTES = 32;

    private final byte[] digest;

    public ApiKey(String secret) {
        digest = digest(secret);
    }

    /**
     * The configured key, or else the one in the data folder, which is made with mode 600 if it is not there.
     *
     * @throws UncheckedIOException  when the file can be neither read nor made
     * @throws IllegalStateException when the file is empty
     */
    static ApiKey of(@Nullable String configured, Path dataFolder) {
        if (configured != null && !configured.isBlank()) {
            return new ApiKey(configured);
        }
        var file = dataFolder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            var secret = Files.readString(file).strip();
            if (secret.isEmpty()) {
                throw new IllegalStateException("the key file is empty; remove it to have a new key made: " + file);
            }
            return new ApiKey(secret);
        } catch (IOException unusable) {
            throw new UncheckedIOException("the key file cannot be used: " + file, unusable);
        }
    }

    /** Written whole under another name first, so that a crash never leaves half a key. */
    private static void make(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        var random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        var secret = "sk-handloom-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n";
        var draft = Files.createTempFile(file.getParent(), FILE, ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var channel = Files.newByteChannel(draft, Set.of(StandardOpenOption.WRITE))) {
            channel.write(StandardCharsets.US_ASCII.encode(secret));
        }
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException _) {
            // Another process of this installation was first: its key is the one.
        } finally {
            Files.delete(draft);
        }
    }

    /** Takes the same time for every wrong secret. */
    public boolean matches(String secret) {
        return MessageDigest.isEqual(digest, digest(secret));
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
