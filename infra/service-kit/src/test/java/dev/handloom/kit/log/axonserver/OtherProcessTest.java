package dev.handloom.kit.log.axonserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.Writers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: what another process had acknowledged survives its death, and all that it wrote comes by here. Method: sixteen
 * writers in a process of their own say what has been acknowledged; it is killed with SIGKILL after a number of those that
 * the seed decides; this process follows the log all the while.
 */
@EnabledIfEnvironmentVariable(named = AxonServerLog.ADDRESS, matches = ".+", disabledReason = AxonServerLog.SKIPPED)
class OtherProcessTest {
    private static final int ACKNOWLEDGED_LEAST = 300;
    private static final int ACKNOWLEDGED_MOST = 3000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void what_a_killed_process_wrote_is_there_once_without_a_hole_and_came_by_here(long seed) throws Exception {
        var place = AxonServerLog.Place.fresh();
        var heard = new ConcurrentLinkedQueue<SessionLog.Entry>();
        try (var log = new AxonServerLog(place); var tail = log.sessions().tail(heard::add)) {
            assertThat(tail).isNotNull();
            var acknowledged = acknowledgedBeforeTheKill(place, seed);
            for (int writer = 0; writer < acknowledged.length; writer++) {
                var session = Writers.session("round" + seed, writer);
                var stored = all(log.sessions(), session);
                assertThat(stored.size()).as("events of writer %d", writer)
                        .isBetween(acknowledged[writer], acknowledged[writer] + 1);
                for (int i = 0; i < stored.size(); i++) {
                    assertThat(stored.get(i).position()).isEqualTo(i + 1);
                    assertThat(EngineContract.textOf(stored.get(i).event())).isEqualTo(writer + " " + (i + 1));
                }
                log.catchUp();
                assertThat(of(session, heard)).isEqualTo(stored);
                log.store()
                        .publish(List.of(EngineContract.message(stored.size() + 1,
                                EngineContract.said(session, "life goes on"))));
            }
        }
    }

    static List<SessionLog.Entry> of(SessionId session, Queue<SessionLog.Entry> heard) {
        return heard.stream().filter(entry -> entry.event().sessionId().equals(session)).toList();
    }

    private static int[] acknowledgedBeforeTheKill(AxonServerLog.Place place, long seed)
            throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(java, "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), WritingProcess.class.getName(),
                place.settings().servers().getFirst(), place.suffix(), "round" + seed)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int killAfter = new Random(seed).nextInt(ACKNOWLEDGED_LEAST, ACKNOWLEDGED_MOST);
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

    static List<SessionLog.Entry> all(SessionLog log, SessionId session) {
        var entries = new ArrayList<SessionLog.Entry>();
        while (true) {
            var slice = log.slice(session, entries.size() + 1, SessionLog.SLICE_MAX);
            if (slice.isEmpty()) {
                return entries;
            }
            entries.addAll(slice);
        }
    }
}
