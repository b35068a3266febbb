package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.kit.Ids;
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
import java.time.Duration;
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
 * <p>Where the service is an ordinary user it makes no cgroup, and so lacks what Docker has: memory is limited for each
 * process, not for the hand as a whole; processor time and the size of the workspace are not limited. Where the service
 * is root, a cgroup limits memory, processes and processor time of the hand; but to the kernel the hand's processes are
 * root's, though without capabilities: an ordinary user is better. Without a cgroup root gets no hands by this provider,
 * because the kernel does not count root's processes.
 */
@Component
final class BubblewrapHands implements HandProvider, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BubblewrapHands.class);
    private static final String LACKS_AS_USER = "; memory is limited for each process only, processor time and the size "
            + "of the workspace are not limited";
    private static final String LACKS_AS_ROOT = "; the size of the workspace is not limited, and to the kernel the hand's "
            + "processes are root's: run the service as an ordinary user";

    private static final Duration TRIAL_GONE_WITHIN = Duration.ofSeconds(1);

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
        var group = Cgroups.Group.NONE;
        try {
            group = group(Ids.next("trial_"));
        } catch (IOException none) {
            return new Probe(false,
                    "as root nothing would limit the number of processes, because no cgroup can be made ("
                            + none.getMessage() + "): run the service as an ordinary user");
        }
        try {
            var trial = Launch.trial(namespaces(bwrap).running(settings, "/", "true"), group,
                    folders.shared("trial.log"));
            return trial.isEmpty()
                    ? new Probe(true, "namespaces can be made" + (root() ? LACKS_AS_ROOT : LACKS_AS_USER))
                    : new Probe(false,
                            "bwrap cannot make namespaces here (" + trial + "); some systems allow that only to "
                                    + "a program with a profile in AppArmor");
        } finally {
            group.remove(TRIAL_GONE_WITHIN);
        }
    }

    private Cgroups.Group group(String id) throws IOException {
        return root() ? new Cgroups(folders.installation()).make(id, settings) : Cgroups.Group.NONE;
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
        var group = group(folder.id());
        try {
            var process = Launch.sandbox(words, Map.of("PATH", "/usr/bin:/bin", "HOME", "/tmp", "HANDD_NONCE", nonce),
                    group,
                    folder.file("log"));
            return new Workshop.Started(process, process.name());
        } catch (HandDied | IOException | InterruptedException | RuntimeException failed) {
            group.remove();
            throw failed;
        }
    }

    private Namespaces namespaces(Path bwrap) throws IOException {
        var etc = folders.shared("etc");
        Etc.make(etc);
        return new Namespaces(bwrap, etc, settings.tmp().toBytes());
    }

    @Override
    public List<Hand> adopt() {
        try {
            if (!workshop.hasLeftovers()) {
                return List.of();
            }
            var cgroups = new Cgroups(folders.installation());
            var adopted = workshop.adopt(
                    (name, folder) -> HostProcess.named(name, cgroups.group(folder.id()), folder.file("log")));
            cgroups.sweep();
            return adopted;
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
