package dev.handloom.sandbox.handd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A handd that runs, and the service that it calls. */
final class Handd implements AutoCloseable {
    static final String NONCE = "the-nonce-of-this-test";
    private static final String PROGRAM = "handd.binary";
    private static final long PATIENCE_SECONDS = 30;

    private final Path folder;
    private final Process process;
    private final ServerSocketChannel door;
    private Line line;
    private int calls;

    private Handd(Path folder, ServerSocketChannel door, Process process) {
        this.folder = folder;
        this.door = door;
        this.process = process;
        this.line = accept();
    }

    /** The program under test: what the build made, or what {@code -Dhandd.binary} names. */
    static Path program() {
        var machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        var program = Path.of(System.getProperty(PROGRAM, "target/classes/handd/linux-" + machine + "/handd"));
        skipUnless(Files.isExecutable(program), program + " is not there: the build found no C compiler");
        return program.toAbsolutePath();
    }

    /** Skips the test, aloud. */
    static void skipUnless(boolean holds, String why) {
        if (!holds) {
            System.out.println("handd's test is skipped: " + why);
        }
        Assumptions.assumeTrue(holds, why);
    }

    /** As an ordinary process of this machine, with its directories in the folder. */
    static Handd start(Path folder, String... options) {
        var words = new ArrayList<>(List.of(program().toString(), "-d", socket(folder).toString(), "-r",
                folder.resolve("run").toString(), "-w", folder.resolve("workspace").toString()));
        words.addAll(List.of(options));
        try {
            Files.createDirectories(folder.resolve("run"));
            Files.createDirectories(folder.resolve("workspace"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return start(folder, words);
    }

    /** Whatever the words run, it has to dial {@link #socket}. */
    static Handd start(Path folder, List<String> words) {
        try {
            Files.createDirectories(socket(folder).getParent());
            var door = open(folder);
            var builder = new ProcessBuilder(words).inheritIO();
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.of("PATH", "/usr/bin:/bin", "HANDD_NONCE", NONCE, "SECRET", "of the host"));
            return new Handd(folder, door, builder.start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static Path socket(Path folder) {
        return folder.resolve("sockets").resolve("hand");
    }

    private static ServerSocketChannel open(Path folder) throws IOException {
        Files.deleteIfExists(socket(folder));
        var door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket(folder)));
        // A handd in a container is another user.
        Files.setPosixFilePermissions(socket(folder), PosixFilePermissions.fromString("rw-rw-rw-"));
        door.configureBlocking(false);
        return door;
    }

    private Line accept() {
        var accepted = acceptRaw();
        var hello = accepted.await(0);
        if (!new String(hello.payload(), 8, hello.payload().length - 8, StandardCharsets.UTF_8).equals(NONCE)) {
            throw new AssertionError("another nonce");
        }
        return accepted;
    }

    /** Takes the connection that handd makes now, before its hello. */
    Line acceptRaw() {
        try (var selector = Selector.open()) {
            door.register(selector, SelectionKey.OP_ACCEPT);
            if (selector.select(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)) == 0) {
                process.destroy();
                throw new AssertionError("handd does not call");
            }
            return new Line(door.accept());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Line line() {
        return line;
    }

    /** Ends the connection and takes the next. */
    Line reconnect() {
        line.close();
        line = accept();
        return line;
    }

    /** As a service that has died: the connection ends, and nobody answers when handd dials. */
    void abandon() {
        line.close();
        try {
            door.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path folder() {
        return folder;
    }

    Path workspace() {
        return folder.resolve("workspace");
    }

    Path run() {
        return folder.resolve("run");
    }

    Process process() {
        return process;
    }

    int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it still runs");
            }
            return process.exitValue();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** Waits until the process is no more. */
    static void awaitEnd(String pid) {
        ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(process -> process.onExit().join());
    }

    String nextId() {
        calls++;
        return "call-" + calls;
    }

    int send(String id, Payload tool) {
        return line.send(Line.CALL, new Payload().str(id).raw(tool.bytes()).bytes());
    }

    int send(Payload tool) {
        return send(nextId(), tool);
    }

    Answer call(Payload tool) {
        return line.await(send(tool));
    }

    Answer.Bash bash(String command) {
        return call(Tool.bash(command)).bash();
    }

    Answer attach(String id) {
        return line.ask(Line.ATTACH, new Payload().str(id).bytes());
    }

    Answer forget(String id) {
        return line.ask(Line.FORGET, new Payload().str(id).bytes());
    }

    Answer cancel(String id) {
        return line.ask(Line.CANCEL, new Payload().str(id).bytes());
    }

    @Override
    public void close() {
        process.destroy();
        awaitExit();
        abandon();
    }
}
