package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import dev.handloom.sandbox.hands.handd.HandFolder;
import dev.handloom.sandbox.hands.handd.HandFolders;
import dev.handloom.sandbox.hands.handd.Modes;
import dev.handloom.sandbox.hands.handd.Workshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Hands in namespaces made by bubblewrap: no network, an own root with the host's /usr read-only, a workspace below the
 * data folder, no capabilities, and handd's filter on system calls. It needs no daemon and no privileges.
 *
 * <p>What it lacks against Docker, because it makes no cgroup: memory is limited for each process, not for the hand as a
 * whole; processes are limited only where the service is not root; the processor and the size of the workspace are not
 * limited at all. And where the service is root, so are the hand's processes to the kernel, though without capabilities.
 */
@Component
final class BubblewrapHands implements HandProvider, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BubblewrapHands.class);
    private static final String LACKS = "; memory is limited for each process only, processor time and the size of the "
            + "workspace are not limited";

    private final HandFolders folders;
    private final HandsSettings settings;
    private final Workshop workshop;

    BubblewrapHands(HandFolders folders, HandsSettings settings, Clock clock) {
        this.folders = folders;
        this.settings = settings;
        this.workshop = new Workshop(name(), folders, settings, clock);
    }

    @Override
    public String name() {
        return "bubblewrap";
    }

    @Override
    public Probe probe() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return new Probe(false, "it needs Linux");
        }
        var bwrap = onPath("bwrap");
        if (bwrap.isEmpty()) {
            return new Probe(false, "there is no bwrap: install the package bubblewrap");
        }
        if (!Files.isExecutable(Path.of("/bin/bash"))) {
            return new Probe(false, "there is no /bin/bash");
        }
        try {
            if (folders.handd(architecture()).isEmpty()) {
                return new Probe(false, "this build has no handd for " + architecture()
                        + ": it was built where there was no C compiler");
            }
            return tried(bwrap.get());
        } catch (IOException broken) {
            return new Probe(false, "the data folder cannot be used: " + broken.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Probe(false, "the service stops");
        }
    }

    /** Namespaces can be there and yet be forbidden, so they are made once. */
    private Probe tried(Path bwrap) throws IOException, InterruptedException {
        var words = namespaces(bwrap).running(settings, "/", "true");
        var trial = Launch.trial(words, folders.shared("trial.log"));
        if (!trial.isEmpty()) {
            return new Probe(false, "bwrap cannot make namespaces here (" + trial
                    + "); some systems allow that only to a program with a profile in AppArmor");
        }
        return new Probe(true, "namespaces can be made" + LACKS + (root()
                ? "; run the service as an ordinary user, because as root it cannot limit processes, and the hand's "
                        + "processes are root's to the kernel"
                : ""));
    }

    @Override
    public Hand provision(Recipe recipe) throws HandDied, InterruptedException {
        return workshop.provision(recipe, this::start);
    }

    private Workshop.Started start(HandFolder folder, String nonce) throws HandDied, IOException, InterruptedException {
        var handd = folders.handd(architecture()).orElseThrow(() -> new HandDied("this build has no handd"));
        var bwrap = onPath("bwrap").orElseThrow(() -> new HandDied("bwrap is gone"));
        for (var directory : List.of("workspace", "uploads", "outputs")) {
            Modes.directory(folder.file(directory), "rwx------");
        }
        var words = namespaces(bwrap).with(folder, handd)
                .running(settings, ToolInput.WORKSPACE, "/.hands/handd", "-d", HandFolder.SOCKET_INSIDE, "-T",
                        Long.toString(settings.orphanTimeout().toSeconds()));
        var process = Launch.sandbox(words,
                Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", "/tmp", "HANDD_NONCE", nonce),
                folder.file("log"));
        return new Workshop.Started(process, process.name());
    }

    private Namespaces namespaces(Path bwrap) throws IOException {
        var etc = folders.shared("etc");
        Etc.make(etc);
        return new Namespaces(bwrap, etc, settings.tmp().toBytes());
    }

    @Override
    public List<Hand> adopt() {
        try {
            return workshop.adopt((name, folder) -> HostProcess.named(name, folder.file("log")));
        } catch (IOException broken) {
            log.warn("what an earlier process left cannot be looked at: {}", broken.toString());
            return List.of();
        }
    }

    /** Hands live on. */
    @Override
    public void close() {
        workshop.close();
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin").split(":", -1))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String architecture() {
        var java = System.getProperty("os.arch");
        return java.equals("amd64") ? "x86_64" : java;
    }

    private static boolean root() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }
}
