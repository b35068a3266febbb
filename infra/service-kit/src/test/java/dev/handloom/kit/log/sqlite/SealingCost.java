package dev.handloom.kit.log.sqlite;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Writing;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What sealing costs: the same work on a sealed and on a plain log, in turns, in one process. Run by hand; decision 10
 * holds what it said. Argument: an empty folder on the disk that counts.
 */
final class SealingCost {
    private static final int ROUNDS = 4;
    private static final int APPENDS = 300;
    private static final int BEGINNINGS = 30;
    private static final int LONG_ONES = 3;

    private final Map<String, long[]> nanos = new LinkedHashMap<>();

    private SealingCost() {}

    public static void main(String[] arguments) throws IOException {
        var plainFolder = Files.createDirectories(Path.of(arguments[0], "plain"));
        var sealedFolder = Files.createDirectories(Path.of(arguments[0], "sealed"));
        var cost = new SealingCost();
        try (var plain = SqliteLog.plain(plainFolder); var sealed = new SqliteLog(sealedFolder)) {
            for (int round = 0; round <= ROUNDS; round++) {
                cost.round(plain, "plain", round);
                cost.round(sealed, "sealed", round);
                if (round == 0) {
                    cost.nanos.clear(); // That one warmed up.
                }
            }
        }
        cost.nanos.forEach((what, taken) -> {
            Arrays.sort(taken);
            System.out
                    .println(String.format(Locale.ROOT, "%-45s n %5d   p50 %8.3f ms   p99 %8.3f ms", what, taken.length,
                            taken[taken.length / 2] / 1e6, taken[taken.length * 99 / 100] / 1e6));
        });
    }

    private void round(Engine log, String kind, int round) {
        var text = "x".repeat(900);
        var one = new SessionId("sesn_round" + round);
        measure("append of 1 KB, " + kind, APPENDS, i -> append(log, one, i, text));
        measure("slice of 300 such, " + kind, 10, _ -> log.sessions().slice(one, 1, SessionLog.SLICE_MAX));
        measure("first event of a session, " + kind, BEGINNINGS,
                i -> append(log, new SessionId("sesn_" + round + "_" + i), 0, text));
        var long1 = new SessionId("sesn_long" + round);
        var megabyte = "x".repeat(1 << 20);
        measure("append of 1 MB, " + kind, LONG_ONES, i -> append(log, long1, i, megabyte));
        measure("slice of one such, " + kind, LONG_ONES, i -> log.sessions().slice(long1, i + 1, 1));
    }

    private static void append(Engine log, SessionId session, int head, String text) {
        log.sessions()
                .append(session, head, List.of(
                        new Writing("e" + head, EngineContract.said(session, text), Map.of())));
    }

    private void measure(String what, int times, IntConsumer work) {
        var before = nanos.getOrDefault(what, new long[0]);
        var taken = Arrays.copyOf(before, before.length + times);
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            work.accept(i);
            taken[before.length + i] = System.nanoTime() - begun;
        }
        nanos.put(what, taken);
    }
}
