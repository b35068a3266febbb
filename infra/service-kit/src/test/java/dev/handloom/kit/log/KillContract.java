package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: what was acknowledged survives the death of the process. Method: sixteen writers in a process of their own say
 * what has been acknowledged; it is killed with SIGKILL after a number of those that the seed decides; then its log is
 * opened here.
 */
public abstract class KillContract {
    private static final int ACKNOWLEDGED_LEAST = 500;

    /** Finds what the process left; the first round finds an empty place. */
    protected abstract Engine open() throws Exception;

    /** A class whose {@code main} opens that place and calls {@link Writers#start}, and what it is told, round excepted. */
    protected abstract List<String> process();

    /** How many events it may be let to write; the fewer, the faster. */
    protected int acknowledgedMost() {
        return 6000;
    }

    /** Whatever else can be checked about the place, when nobody has it open. */
    protected void assertThatItIsSound() throws Exception {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void every_acknowledged_event_is_there_once_and_no_stream_has_a_hole(long seed) throws Exception {
        var acknowledged = acknowledgedBeforeTheKill(seed);
        try (var log = open()) {
            for (int writer = 0; writer < acknowledged.length; writer++) {
                var session = Writers.session("round" + seed, writer);
                var stored = all(log, session);
                assertThat(stored.size()).as("events of writer %d", writer)
                        .isBetween(acknowledged[writer], acknowledged[writer] + 1);
                for (int i = 0; i < stored.size(); i++) {
                    assertThat(stored.get(i).position()).isEqualTo(i + 1);
                    assertThat(EngineContract.textOf(stored.get(i).event())).isEqualTo(writer + " " + (i + 1));
                }
                log.store()
                        .publish(List.of(EngineContract.message(stored.size() + 1,
                                EngineContract.said(session, "life goes on"))));
            }
        }
        assertThatItIsSound();
    }

    private int[] acknowledgedBeforeTheKill(long seed) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        command.addAll(process());
        command.add("round" + seed);
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        int killAfter = new Random(seed).nextInt(ACKNOWLEDGED_LEAST, acknowledgedMost());
        var acknowledged = new int[Writers.WRITERS];
        int lines = 0;
        try (BufferedReader output = process.inputReader()) {
            for (var line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(Writers.ACKNOWLEDGED)) {
                    var parts = line.split(" ", 3);
                    assertThat(Integer.parseInt(parts[2])).isEqualTo(++acknowledged[Integer.parseInt(parts[1])]);
                    if (++lines == killAfter) {
                        process.toHandle().destroyForcibly(); // Process.destroyForcibly would close its output.
                    }
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
        assertThat(lines).isGreaterThanOrEqualTo(killAfter);
        return acknowledged;
    }

    private static List<SessionLog.Entry> all(Engine log, SessionId session) {
        var entries = new ArrayList<SessionLog.Entry>();
        while (true) {
            var slice = log.sessions().slice(session, entries.size() + 1, SessionLog.SLICE_MAX);
            if (slice.isEmpty()) {
                return entries;
            }
            entries.addAll(slice);
        }
    }
}
