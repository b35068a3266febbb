package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.jvm.Node.Folder;
import dev.handloom.sandbox.hands.jvm.Node.Link;
import dev.handloom.sandbox.hands.jvm.Node.Plain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.graalvm.polyglot.HostAccess.Export;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * All that the embedded shell's script can reach outside of itself: the hand's virtual files, whether its call is to
 * stop, and arithmetic on bytes. What is not exported here does not exist for it. Text crosses as strings, bytes that
 * stand for themselves as strings of characters 0 to 255 or as buffers, lists as strings with NUL between.
 */
public final class Doors {
    private final VirtualFiles files;
    private volatile StopSign stop = new StopSign();

    Doors(VirtualFiles files) {
        this.files = files;
    }

    void begin(StopSign callsStop) {
        stop = callsStop;
    }

    @Export
    public boolean stopped() {
        return stop.isUp();
    }

    @Export
    public String text(String path, boolean utf8) throws FileRefused {
        return files.read(Route.of(path)).text(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    @Export
    public ByteBuffer bytes(String path) throws FileRefused {
        return ByteBuffer.wrap(files.read(Route.of(path)).copy());
    }

    @Export
    public void putText(String path, String text, boolean utf8, boolean append) throws FileRefused {
        put(path, text.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1), append);
    }

    @Export
    public void putBytes(String path, Value buffer, int offset, int length, boolean append) throws FileRefused {
        put(path, read(buffer, offset, length), append);
    }

    /** just-bash expects that missing folders are made. */
    private void put(String path, byte[] content, boolean append) throws FileRefused {
        var route = Route.of(path);
        files.makeFolder(route.parent(), true);
        files.write(route, content, append);
    }

    @Export
    public boolean exists(String path) {
        try {
            return files.exists(Route.of(path), true);
        } catch (FileRefused _) {
            return false;
        }
    }

    /** Kind (f, d or l), permission bits, size in bytes, time of last change in ms since 1970, number of the node. */
    @Export
    public String stat(String path, boolean followLast) throws FileRefused {
        var node = files.look(Route.of(path), followLast);
        return kind(node) + " " + node.mode() + " " + size(node) + " " + node.changed().toEpochMilli() + " "
                + node.number();
    }

    private static String kind(Node node) {
        return switch (node) {
            case Plain _ -> "f";
            case Folder _ -> "d";
            case Link _ -> "l";
        };
    }

    private static int size(Node node) {
        return switch (node) {
            case Plain plain -> plain.content().size();
            case Folder _ -> 0;
            case Link link -> link.target().length();
        };
    }

    /** Each entry's kind and name. */
    @Export
    public String list(String path) throws FileRefused {
        return files.list(Route.of(path))
                .stream()
                .map(entry -> kind(entry.node()) + entry.route().name())
                .collect(Collectors.joining("\0"));
    }

    /** Every path there is. */
    @Export
    public String all() throws FileRefused {
        var paths = new StringJoiner("\0");
        files.walk(Route.ROOT, (route, _) -> {
            paths.add(route.toString());
            return true;
        });
        return paths.toString();
    }

    @Export
    public void mkdir(String path, boolean parents) throws FileRefused {
        files.makeFolder(Route.of(path), parents);
    }

    @Export
    public void rm(String path, boolean recursive, boolean force) throws FileRefused {
        var route = Route.of(path);
        if (!force || files.exists(route, false)) {
            files.remove(route, recursive);
        }
    }

    @Export
    public void cp(String from, String to, boolean recursive) throws FileRefused {
        files.copy(Route.of(from), Route.of(to), recursive);
    }

    @Export
    public void mv(String from, String to) throws FileRefused {
        files.move(Route.of(from), Route.of(to));
    }

    @Export
    public void chmod(String path, int bits) throws FileRefused {
        files.mode(Route.of(path), bits);
    }

    @Export
    public void symlink(String target, String path) throws FileRefused {
        Route.of(target);
        files.link(target, Route.of(path));
    }

    @Export
    public void link(String existing, String path) throws FileRefused {
        files.name(Route.of(existing), Route.of(path));
    }

    @Export
    public String readlink(String path) throws FileRefused {
        if (files.look(Route.of(path), false) instanceof Link link) {
            return link.target();
        }
        throw new FileRefused(FileRefused.Errno.EINVAL, path);
    }

    @Export
    public String realpath(String path) throws FileRefused {
        return files.real(Route.of(path)).toString();
    }

    @Export
    public void utimes(String path, double changedMs) throws FileRefused {
        files.changed(Route.of(path), Instant.ofEpochMilli((long) changedMs));
    }

    @Export
    public String resolve(String base, String path) throws FileRefused {
        return Route.of(base).to(path).toString();
    }

    @Export
    public String toBase64(String bytes) {
        return Base64.getEncoder().encodeToString(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @return null when it is not Base64 */
    @Export
    public @Nullable String fromBase64(String text) {
        try {
            var compact = text.replaceAll("\\s", "");
            return new String(Base64.getDecoder().decode(compact), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /** @param algorithm SHA-1 or SHA-256 */
    @Export
    public ByteBuffer digest(String algorithm, Value buffer, int offset, int length) throws NoSuchAlgorithmException {
        return ByteBuffer.wrap(MessageDigest.getInstance(algorithm).digest(read(buffer, offset, length)));
    }

    private static byte[] read(Value buffer, int offset, int length) {
        var bytes = new byte[length];
        buffer.readBuffer(offset, bytes, 0, length);
        return bytes;
    }
}
