package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.Hand.HandDied;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Starts bwrap, which says on its descriptor 3 what it made. */
final class Launch {
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(10);
    private static final int STATUS_CHARS_MAX = 4096;
    private static final int COMPLAINTS_MAX = 500;
    /** Java can hand over three descriptors only: the status goes to ours, and the program's own output nowhere. */
    private static final String SCRIPT = """
            while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit; shift; done
            shift; exec 3>&1 >/dev/null; exec "$@"
            """;

    private Launch() {}

    /**
     * Returns when the sandbox's first process is there.
     *
     * @param environment all that it gets
     * @param group       to be in
     * @param log         where its complaints go
     */
    static HostProcess sandbox(List<String> words, Map<String, String> environment, Cgroups.Group group, Path log)
            throws HandDied, IOException, InterruptedException {
        var bwrap = start(words, environment, group, log);
        try (var status = bwrap.inputReader(StandardCharsets.UTF_8)) {
            var line = CompletableFuture.supplyAsync(() -> firstLine(status),
                    task -> Thread.ofVirtual().name("bwrap-status").start(task));
            long pid = JsonMapper.shared()
                    .readTree(line.get(STARTED_WITHIN.toMillis(), TimeUnit.MILLISECONDS))
                    .path("child-pid")
                    .asLong(0);
            return HostProcess.of(pid, group, log).orElseThrow(() -> notStarted(log));
        } catch (ExecutionException | JacksonException nothingSaid) {
            throw notStarted(log);
        } catch (TimeoutException | InterruptedException late) {
            bwrap.descendants().forEach(ProcessHandle::destroyForcibly);
            bwrap.destroyForcibly();
            if (late instanceof InterruptedException stopped) {
                throw stopped;
            }
            throw new HandDied("bwrap did not start within " + STARTED_WITHIN.toSeconds() + " s");
        }
    }

    /**
     * Runs it to its end.
     *
     * @return what went wrong; empty when nothing did
     */
    static String trial(List<String> words, Cgroups.Group group, Path log) throws IOException, InterruptedException {
        var bwrap = start(words, Map.of("PATH", "/usr/bin:/bin"), group, log);
        if (!bwrap.waitFor(STARTED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            bwrap.descendants().forEach(ProcessHandle::destroyForcibly);
            bwrap.destroyForcibly();
            return "it did not end within " + STARTED_WITHIN.toSeconds() + " s";
        }
        if (bwrap.exitValue() == 0) {
            return "";
        }
        var complaints = complaints(log);
        return complaints.isEmpty() ? "it ended with " + bwrap.exitValue() : complaints;
    }

    /** The beginning of what stands in the log; empty when there is nothing. */
    static String complaints(Path log) {
        try (var from = Files.newInputStream(log)) {
            return new String(from.readNBytes(COMPLAINTS_MAX), StandardCharsets.UTF_8).strip().replace('\n', ' ');
        } catch (IOException none) {
            return "";
        }
    }

    private static HandDied notStarted(Path log) {
        return new HandDied("bwrap could not make the sandbox: " + complaints(log));
    }

    private static String firstLine(BufferedReader from) {
        try {
            var line = new StringBuilder();
            for (int c = from.read(); c >= 0 && c != '\n' && line.length() < STATUS_CHARS_MAX; c = from.read()) {
                line.append((char) c);
            }
            return line.toString();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private static Process start(List<String> words, Map<String, String> environment, Cgroups.Group group, Path log)
            throws IOException {
        var all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        group.directories().forEach(directory -> all.add(directory.toString()));
        all.add("--");
        all.addAll(words);
        var builder = new ProcessBuilder(all)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectError(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }
}
