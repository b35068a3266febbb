package dev.handloom.sandbox.handd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command stops until the test lets it go on: two FIFOs, so that neither side has to look again and again. */
final class Gate {
    private final Path reached;
    private final Path opened;
    private boolean isReached;

    private Gate(Path reached, Path opened) {
        this.reached = reached;
        this.opened = opened;
    }

    static Gate in(Handd handd) {
        var id = handd.nextId();
        var gate = new Gate(handd.folder().resolve(id + ".reached"), handd.folder().resolve(id + ".opened"));
        handd.bash("mkfifo " + gate.reached + " " + gate.opened);
        return gate;
    }

    /** For the shell. */
    String command() {
        return "echo > " + reached + "; read _ < " + opened;
    }

    void awaitReached() {
        if (!isReached) {
            try (var in = Files.newInputStream(reached)) {
                in.readAllBytes();
                isReached = true;
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    /** Waits until the command is there, and lets it go on. */
    void open() {
        awaitReached();
        try (var out = Files.newOutputStream(opened)) {
            out.write('\n');
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
