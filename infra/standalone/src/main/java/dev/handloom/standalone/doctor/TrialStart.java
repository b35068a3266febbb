package dev.handloom.standalone.doctor;

import dev.handloom.sandbox.execute.HandSelection.Candidate;
import dev.handloom.standalone.start.Door;
import dev.handloom.standalone.start.Platform;
import dev.handloom.standalone.start.Settings;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Took;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.util.FileSystemUtils;

/** The platform started and stopped in a folder of its own: the one check that cannot be wrong. */
final class TrialStart {
    private TrialStart() {}

    static List<Finding> run() {
        try {
            var folder = Files.createTempDirectory("handloom-doctor-");
            try (var platform = Platform.start(new Settings(
                    0, Door.HOST_USUAL, folder, null, "sqlite", folder.resolve("server.log"), false, false))) {
                var findings = new ArrayList<Finding>();
                findings.add(Finding.good("trial start", "took " + Took.words(platform.startedIn())));
                findings.add(hands(platform.hands().candidates()));
                return findings;
            } finally {
                FileSystemUtils.deleteRecursively(folder);
            }
        } catch (StartFailure failure) {
            return List.of(Finding.fatal("trial start", failure.getMessage(), null));
        } catch (IOException noFolder) {
            return List.of(Finding.fatal("trial start", "no temporary folder can be made: " + noFolder.getMessage(),
                    null));
        }
    }

    private static Finding hands(List<Candidate> candidates) {
        return candidates.stream()
                .filter(Candidate::ready)
                .findFirst()
                .map(chosen -> Finding.good("hands", "tools would run in " + chosen.name() + ": " + chosen.why()))
                .orElseGet(() -> Finding.wrong("hands", candidates.isEmpty()
                        ? "no kind of sandbox is built in: every tool call would be answered with an error"
                        : candidates.stream()
                                .map(candidate -> candidate.name() + ": " + candidate.why())
                                .collect(Collectors.joining("; ")),
                        "see docker, bubblewrap and npm above"));
    }
}
