package dev.handloom.load.crash;

import dev.handloom.load.OwnServer;
import dev.handloom.load.measure.Disk;
import dev.handloom.load.measure.Latencies;
import dev.handloom.load.measure.Machine;
import dev.handloom.load.report.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Every fail-point, so many times each. Ends with 1 when anything was lost, done twice or left undone. Options, each
 * with a value: --jar --data --page --code --runs --seed --sessions --hands --title, and --point, which may be repeated.
 */
public final class CrashMatrix {
    private static final List<String> POINTS = List.of("ACCEPT", "APPEND", "PUBLISH", "LEASE", "VIEW", "REQUEST",
            "STREAM", "ANSWER", "TOOL_STARTED", "DISPATCH", "RUNNING", "RESULT", "RECORDED");
    private static final int SHOWN_MAX = 5;

    private CrashMatrix() {}

    public static void main(String[] words) throws IOException, InterruptedException {
        var points = new ArrayList<String>();
        var options = new HashMap<>(Map.of("--runs", "20", "--seed", "1", "--sessions", "8", "--hands", "auto",
                "--title", "As it is", "--code", "unknown"));
        for (int i = 0; i + 1 < words.length; i += 2) {
            if (words[i].equals("--point")) {
                points.add(words[i + 1]);
            } else {
                options.put(words[i], words[i + 1]);
            }
        }
        System.exit(run(options, points.isEmpty() ? POINTS : points) ? 0 : 1);
    }

    private static boolean run(Map<String, String> options, List<String> points)
            throws IOException, InterruptedException {
        int runs = Integer.parseInt(options.get("--runs"));
        int sessions = Integer.parseInt(options.get("--sessions"));
        long seed = Long.parseLong(options.get("--seed"));
        var data = Path.of(options.get("--data"));
        Files.createDirectories(data);
        var page = new StringBuilder("\n## %s\n\n%sCode: %s. %d runs a fail-point, %d sessions, seed %d, hands: %s.\n\n"
                .formatted(options.get("--title"), Tables.of(Machine.look(new Disk(data))), options.get("--code"), runs,
                        sessions, seed, options.get("--hands")));
        page.append("| fail-point | kills | tool calls checked | violations | told \"outcome unknown\" "
                + "| takeover p50 ms | p99 ms |\n|---|---|---|---|---|---|---|\n");
        boolean clean = true;
        for (var point : points) {
            var row = new Row(point);
            var armed = Files.createTempFile("fail-point", "");
            try (var server = new OwnServer(Path.of(options.get("--jar")), data, List.of(), Map.of(
                    "HANDLOOM_FAIL_POINTS", armed.toString(), "HANDLOOM_HANDS_PROVIDER", options.get("--hands")))) {
                var random = new Random(seed * 31 + point.hashCode());
                for (int i = 1; i <= runs; i++) {
                    row.add(new Crash(server, armed).at(point, sessions, point + "-" + i, random));
                }
            }
            clean &= row.violations.isEmpty();
            page.append(row);
            System.out.print(row);
            row.violations.stream().limit(SHOWN_MAX).forEach(System.out::println);
        }
        Files.writeString(Path.of(options.get("--page")), page, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return clean;
    }

    /** What came of all the runs of one fail-point. */
    private static final class Row {
        private final String point;
        private final List<String> violations = new ArrayList<>();
        private final Latencies takeover = new Latencies();
        private int kills;
        private int calls;
        private int unknown;

        Row(String point) {
            this.point = point;
        }

        void add(Crash.Outcome outcome) {
            kills++;
            violations.addAll(outcome.violations());
            takeover.addAll(outcome.takeover());
            calls += outcome.calls();
            unknown += outcome.unknown();
        }

        @Override
        public String toString() {
            var times = takeover.percentiles();
            return "| `%s` | %d | %,d | %d | %d | %.0f | %.0f |%n".formatted(point, kills, calls, violations.size(),
                    unknown,
                    times.p50(), times.p99());
        }
    }
}
