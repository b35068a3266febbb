package dev.handloom.sandbox.hands.handd;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The directory {@code hands} of the data folder: one folder for each hand, and what all hands share. */
@Component
public class HandFolders {
    /** An address of a unix socket has 108 bytes on Linux, one of them NUL. */
    private static final int ADDRESS_BYTES_MAX = 107;
    private static final String LONGEST_BELOW = "/" + "x".repeat(14) + "/s/hand";
    private static final String ID_PREFIX = "h";
    private static final int LINKS_TRIED = 16;

    private final Path path;

    public HandFolders(DataFolder data) {
        this.path = data.file("hands");
    }

    /** A directory that all hands share, open to nobody but through what is mounted. */
    public Path shared(String name) throws IOException {
        make();
        return path.resolve(name);
    }

    /** This installation's name, for what is kept outside the data folder; made once. */
    public String installation() throws IOException {
        make();
        var file = path.resolve("installation");
        try {
            Modes.file(file, "rw-------", Ids.next("inst_").getBytes(StandardCharsets.UTF_8));
        } catch (FileAlreadyExistsException made) {
            // By an earlier process.
        }
        return Files.readString(file);
    }

    HandFolder make(Card card) throws IOException {
        make();
        var id = ID_PREFIX + Ids.next("").substring(2, 14).toLowerCase(Locale.ROOT);
        var folder = new HandFolder(path.resolve(id), reach().resolve(id));
        folder.make(card);
        return folder;
    }

    /** Those of all hands that are here, finished or not. */
    List<HandFolder> all() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        var reach = reach();
        var all = new ArrayList<HandFolder>();
        try (var listed = Files.newDirectoryStream(path, ID_PREFIX + "*")) {
            for (var entry : listed) {
                var id = entry.getFileName().toString();
                if (id.length() == ID_PREFIX.length() + 12 && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    all.add(new HandFolder(entry, reach.resolve(id)));
                }
            }
        }
        return all;
    }

    /**
     * handd for a machine, taken out of our own jar.
     *
     * @param architecture x86_64 or aarch64
     * @return empty when this build has none
     */
    public Optional<Path> handd(String architecture) throws IOException {
        try (var packed = HandFolders.class.getResourceAsStream("/handd/linux-" + architecture + "/handd")) {
            if (packed == null) {
                return Optional.empty();
            }
            var program = packed.readAllBytes();
            make();
            var file = path.resolve("handd-" + digest(program));
            if (!Files.exists(file)) {
                var draft = path.resolve("handd-" + Ids.next(""));
                Modes.file(draft, "rwxr-xr-x", program);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            }
            return Optional.of(file);
        }
    }

    private void make() throws IOException {
        Modes.directory(path, "rwx------");
    }

    /** {@code hands} itself, or when the data folder's name is too long for a socket's address, a link to it. */
    private Path reach() throws IOException {
        var name = path.toString();
        if (fits(name)) {
            return path;
        }
        for (int i = 0; i < LINKS_TRIED; i++) {
            var link = Path.of("/tmp/handloom-" + digest(name.getBytes(StandardCharsets.UTF_8)) + "-" + i);
            try {
                Files.createSymbolicLink(link, path);
            } catch (FileAlreadyExistsException there) {
                // Ours from before, or a trap that another user has set.
            }
            if (Files.getOwner(link, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(path))
                    && Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(path)) {
                return link;
            }
        }
        throw new IOException("the data folder's name is too long for the address of a socket, and /tmp cannot be used "
                + "to shorten it: " + path);
    }

    private static boolean fits(String directory) {
        return (directory + LONGEST_BELOW).getBytes(StandardCharsets.UTF_8).length <= ADDRESS_BYTES_MAX;
    }

    /** 16 hexadecimal digits. */
    private static String digest(byte[] of) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(of), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
