package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one hand has on the host: {@code s} with the socket, which the sandbox sees read-only, the card, and whatever else
 * its provider keeps there. Named by an opaque id, because a sandbox can read the host's name of what is mounted.
 */
public final class HandFolder {
    /** Where the sandbox sees the directory of the socket, and the socket. */
    public static final String SOCKETS_INSIDE = "/.hands/s";
    public static final String SOCKET_INSIDE = SOCKETS_INSIDE + "/hand";
    private static final Logger log = LoggerFactory.getLogger(HandFolder.class);
    private static final String CARD = "card.json";

    private final Path path;
    private final Path reach;

    /** @param reach the same directory by a name short enough for a socket's address */
    HandFolder(Path path, Path reach) {
        this.path = path;
        this.reach = reach;
    }

    public String id() {
        return path.getFileName().toString();
    }

    /** A file or directory of the provider's. */
    public Path file(String name) {
        return path.resolve(name);
    }

    public Path sockets() {
        return path.resolve("s");
    }

    /** Only the owner may look into {@code hands}, so that what is open to all in here is open to the sandbox alone. */
    void make(Card card) throws IOException {
        Modes.directory(path, "rwx--x--x");
        Modes.directory(sockets(), "rwx--x--x");
        write(card);
    }

    /** The line on which this sandbox's handd calls in. */
    Line listen(Card card) throws IOException {
        var socket = sockets().resolve("hand");
        Files.deleteIfExists(socket);
        var line = Line.listen(reach.resolve("s").resolve("hand"), card.nonce());
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        return line;
    }

    void write(Card card) throws IOException {
        var draft = path.resolve(CARD + ".new");
        Files.deleteIfExists(draft);
        Modes.file(draft, "rw-------", JsonMapper.shared().writeValueAsBytes(card));
        Files.move(draft, path.resolve(CARD), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Empty when there is none that can be read: then the hand was never finished. */
    Optional<Card> card() {
        try {
            return Optional.of(JsonMapper.shared().readValue(Files.readAllBytes(path.resolve(CARD)), Card.class));
        } catch (IOException | JacksonException none) {
            return Optional.empty();
        }
    }

    /** When its card was last written, in milliseconds since 1970; 0 when there is none. */
    long writtenAt() {
        return path.resolve(CARD).toFile().lastModified();
    }

    /** Nothing of the sandbox may run any more. Never throws. */
    void delete() {
        try {
            Removal.remove(path);
        } catch (IOException | UncheckedIOException stays) {
            log.warn("what a hand left could not be removed: {}: {}", path, stays.toString());
        }
    }
}
