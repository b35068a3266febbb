package dev.handloom.harness.replay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Real sessions of other agents, which are not part of the project: beside its root in {@code ../shared/traces}, or where
 * the system property {@code handloom.traces} says.
 */
final class Traces {
    private static final Path BESIDE = Path.of("..", "..", "shared", "traces");

    private Traces() {}

    static List<Recording> software() {
        return read("mini-swe-agent_gemini-3-pro_sample.jsonl");
    }

    static List<Recording> airline() {
        return read("tau-bench_gpt-4o_airline_sample.jsonl");
    }

    private static List<Recording> read(String name) {
        var file = Path.of(System.getProperty("handloom.traces", BESIDE.toString())).resolve(name);
        if (!Files.exists(file)) {
            System.out.println("skipped: there are no real sessions at " + file.toAbsolutePath().normalize());
        }
        assumeTrue(Files.exists(file), "there are no real sessions at " + file);
        try {
            return Recordings.read(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
