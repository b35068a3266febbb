package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import dev.handloom.sandbox.hands.handd.HandFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The words of a bwrap command: every namespace of its own, an own root, and nothing of the host but its /usr. */
final class Namespaces {
    private static final long SHM_BYTES = 64L << 20;
    private static final long RUN_BYTES = 64L << 20;
    private static final int OPEN_FILES = 4096;
    /** Where the rest of the file system points into /usr on a merged system, and lies on others. */
    private static final List<String> BESIDE_USR = List.of("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");
    /**
     * Limits that need no cgroup, then the program. The number of processes is counted within the user namespace (Linux
     * 5.14), so it must be set inside: outside it would count all that the user runs.
     */
    private static final String LIMITED = "ulimit -c 0; ulimit -n $1; ulimit -d $2; ulimit -u $3; shift 3; exec \"$@\"";

    private final List<String> words = new ArrayList<>();

    /**
     * @param etc   made by {@link Etc}
     * @param tmp   size of /tmp, in bytes
     */
    Namespaces(Path bwrap, Path etc, long tmp) {
        // No --die-with-parent: a hand outlives the service. No --clearenv: the environment is given empty, because
        // words of a command can be read by everybody on the host, and the nonce is none of their business.
        add(bwrap.toString(), "--unshare-all", "--as-pid-1", "--new-session", "--cap-drop", "ALL", "--uid", "1000",
                "--gid", "1000", "--hostname", "sandbox", "--json-status-fd", "3", "--ro-bind", "/usr", "/usr");
        for (var name : BESIDE_USR) {
            var path = Path.of(name);
            if (Files.isSymbolicLink(path)) {
                add("--symlink", "usr" + name, name);
            } else if (Files.isDirectory(path)) {
                add("--ro-bind", name, name);
            }
        }
        add("--ro-bind", etc.toString(), "/etc");
        Etc.OF_THE_HOST.forEach(path -> add("--ro-bind-try", path, path));
        add("--proc", "/proc", "--dev", "/dev");
        tmpfs("/dev/shm", "1777", SHM_BYTES);
        add("--remount-ro", "/dev");
        tmpfs("/tmp", "1777", tmp);
        tmpfs("/run/hands", "0700", RUN_BYTES);
    }

    Namespaces with(HandFolder folder, Path handd) {
        add("--ro-bind", folder.sockets().toString(), HandFolder.SOCKETS_INSIDE);
        add("--ro-bind", handd.toString(), "/.hands/handd");
        add("--bind", folder.file("workspace").toString(), ToolInput.WORKSPACE);
        add("--ro-bind", folder.file("uploads").toString(), "/mnt/session/uploads");
        add("--bind", folder.file("outputs").toString(), "/mnt/session/outputs");
        return this;
    }

    List<String> running(HandsSettings settings, String directory, String... program) {
        add("--remount-ro", "/", "--chdir", directory, "--", "/bin/bash", "-c", LIMITED, "bash",
                Integer.toString(OPEN_FILES), Long.toString(settings.memory().toKilobytes()),
                Integer.toString(settings.pids()));
        add(program);
        return List.copyOf(words);
    }

    private void tmpfs(String path, String mode, long bytes) {
        add("--perms", mode, "--size", Long.toString(bytes), "--tmpfs", path);
    }

    private void add(String... more) {
        words.addAll(List.of(more));
    }
}
