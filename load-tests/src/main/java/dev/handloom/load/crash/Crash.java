package dev.handloom.load.crash;

import dev.handloom.load.OwnServer;
import dev.handloom.load.client.Api;
import dev.handloom.load.client.Message;
import dev.handloom.load.measure.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One crash: sessions talk, the server dies at a fail-point, is started again, and everything is checked. */
final class Crash {
    private static final Duration DIES_WITHIN = Duration.ofSeconds(60);
    private static final Duration RESTS_WITHIN = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    /** The fail-point is passed this many times at the most before it kills. */
    private static final int PASSES_MAX = 60;

    private final OwnServer server;
    private final Path armed;

    /** @param armed the file that the server reads its fail-point from */
    Crash(OwnServer server, Path armed) {
        this.server = server;
        this.armed = armed;
    }

    /**
     * @param takeover from the moment the server answers again until a session that was under way has a new event, each
     * @param calls    tool calls checked
     * @param unknown  of these, calls of which the model was told that nobody knows whether they ran
     */
    record Outcome(List<String> violations, Latencies takeover, int calls, int unknown) {}

    Outcome at(String point, int sessions, String word, Random random) throws IOException, InterruptedException {
        var talkers = talkers(sessions, word);
        Files.writeString(armed, point + " " + random.nextInt(1, PASSES_MAX + 1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            talkers.forEach(talker -> threads.execute(() -> talker.talk(server.url(), server.key())));
            if (!server.dies(DIES_WITHIN)) {
                throw new IOException(
                        "the server did not come to " + point + " within " + DIES_WITHIN.toSeconds() + " s");
            }
        } finally {
            Files.deleteIfExists(armed);
        }
        server.restart();
        return outcome(talkers);
    }

    private List<Talker> talkers(int sessions, String word) throws IOException {
        var talkers = new ArrayList<Talker>();
        try (var api = new Api(server.url(), server.key())) {
            var loom = api.loom();
            for (int i = 1; i <= sessions; i++) {
                talkers.add(new Talker(api.session(loom), word + "-" + i));
            }
        }
        return talkers;
    }

    private Outcome outcome(List<Talker> talkers) throws IOException {
        var violations = new ArrayList<String>();
        var takeover = new Latencies();
        int calls = 0;
        int unknown = 0;
        try (var api = new Api(server.url(), server.key())) {
            waitUntilTheyMove(api, talkers, takeover);
            for (var talker : talkers) {
                if (!rests(api, talker.session())) {
                    violations.add(talker.session() + ": it does not come to rest");
                    continue;
                }
                var history = api.history(talker.session());
                var check = new Check(talker, history, ledger(api, talker.session()));
                violations.addAll(check.violations());
                calls += check.calls();
                unknown += check.unknown();
                api.archive(talker.session());
                api.delete(talker.session());
            }
        }
        return new Outcome(violations, takeover, calls, unknown);
    }

    /** A session that is idle already has moved before anyone could look. */
    private static void waitUntilTheyMove(Api api, List<Talker> talkers, Latencies takeover) throws IOException {
        long ready = System.nanoTime();
        var waiting = new HashMap<String, Integer>();
        for (var talker : talkers) {
            if (!api.status(talker.session()).equals("idle")) {
                waiting.put(talker.session(), api.history(talker.session()).size());
            }
        }
        while (!waiting.isEmpty() && System.nanoTime() - ready < RESTS_WITHIN.toNanos()) {
            for (var session : List.copyOf(waiting.keySet())) {
                if (api.history(session).size() > waiting.getOrDefault(session, 0)) {
                    takeover.add(System.nanoTime() - ready);
                    waiting.remove(session);
                }
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private static boolean rests(Api api, String session) throws IOException {
        long end = System.nanoTime() + RESTS_WITHIN.toNanos();
        while (!api.status(session).equals("idle")) {
            if (System.nanoTime() > end) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return true;
    }

    private static List<String> ledger(Api api, String session) throws IOException {
        api.send(session, Message.rehearse("the ledger", """
                [{"call": [{"name": "bash", "input": {"command": "cat %s 2>/dev/null; true"}}]}, {"say": "ok"}]"""
                .formatted(Talker.LEDGER)));
        rests(api, session);
        return api.history(session)
                .reversed()
                .stream()
                .filter(event -> event.path("type").asString().equals("agent.tool_result"))
                .findFirst()
                .map(event -> event.at("/content/0/text")
                        .asString()
                        .lines()
                        .filter(line -> line.contains("-"))
                        .toList())
                .orElse(List.of());
    }
}
