package dev.handloom.load;

import dev.handloom.load.workload.Plan;
import dev.handloom.load.workload.Workload;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for on the command line.
 *
 * @param url  a running server; null makes one from the jar
 * @param pid  of that server, to see its CPU time
 * @param jvm  options for the server's JVM
 * @param code the commit that is measured
 */
record Arguments(
        List<Workload> workloads,
        Plan plan,
        @Nullable URI url,
        @Nullable String key,
        OptionalLong pid,
        Path jar,
        Path data,
        Path results,
        Path page,
        List<String> jvm,
        String code
) {
    static final String USAGE = """
            usage: load-tests/run [turns|append|long-session|tools|fan-out]… [options]
              no workload named: all of them; no --url: a server of its own, with a scratch data folder
              --url URL --key KEY   measure a running server that has no model (http only; key also as HANDLOOM_API_KEY)
              --pid PID             its process, to see its CPU time
              --seconds N           each round (10)     --warm-up N   before anything counts (20)
              --rounds N            of each kind (3)    --appends N   to one session (10000; the goal says 100000)
              --sessions N          turns only at this many sessions; may be repeated (1, 16, 64)
              --jar FILE            the server to start instead of this tree's
              --jvm OPTION          for the JVM of that server; may be repeated
              --data DIR            where it keeps its scratch data: the disk that is measured
              --results DIR --page FILE   where the results go (load-tests/results, load-tests/RESULTS.md)
            """;

    /** What is wrong with the command line, to be told to whoever typed it. */
    static final class Unusable extends Exception {
        Unusable(String message) {
            super(message);
        }
    }

    /** Gathers the options until all are read. */
    private static final class Draft {
        private final List<Workload> workloads = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>();
        private @Nullable URI url;
        private @Nullable String key = System.getenv("HANDLOOM_API_KEY");
        private OptionalLong pid = OptionalLong.empty();
        private @Nullable Path jar;
        private @Nullable Path data;
        private @Nullable Path results;
        private @Nullable Path page;
        private String code = "unknown";
        private Duration measure = Plan.USUAL.measure();
        private Duration warmUp = Plan.USUAL.warmUp();
        private int rounds = Plan.USUAL.rounds();
        private int appends = Plan.USUAL.appends();
        private final List<Integer> levels = new ArrayList<>();

        void take(String option, Deque<String> rest) throws Unusable {
            switch (option) {
                case "--url" -> url = url(value(option, rest));
                case "--key" -> key = value(option, rest);
                case "--pid" -> pid = OptionalLong.of(number(option, rest, 1));
                case "--seconds" -> measure = Duration.ofSeconds(number(option, rest, 1));
                case "--warm-up" -> warmUp = Duration.ofSeconds(number(option, rest, 0));
                case "--rounds" -> rounds = number(option, rest, 1);
                case "--appends" -> appends = number(option, rest, Plan.APPENDS_MIN);
                case "--sessions" -> levels.add(number(option, rest, 1));
                case "--jar" -> jar = Path.of(value(option, rest));
                case "--jvm" -> jvm.add(value(option, rest));
                case "--data" -> data = Path.of(value(option, rest));
                case "--results" -> results = Path.of(value(option, rest));
                case "--page" -> page = Path.of(value(option, rest));
                case "--code" -> code = value(option, rest);
                default -> workloads.add(workload(option));
            }
        }
    }

    /** @throws Unusable with what is wrong */
    static Arguments of(String... words) throws Unusable {
        var draft = new Draft();
        var rest = new ArrayDeque<>(List.of(words));
        while (!rest.isEmpty()) {
            draft.take(rest.remove(), rest);
        }
        if (draft.url != null && draft.key == null) {
            throw new Unusable("--url needs --key");
        }
        var usual = Plan.USUAL;
        return new Arguments(draft.workloads.isEmpty() ? Workload.ALL : draft.workloads,
                new Plan(draft.warmUp, draft.measure, draft.rounds,
                        draft.levels.isEmpty() ? usual.levels() : draft.levels,
                        usual.toolLevels(), draft.appends,
                        usual.longTurns(), usual.edge(), usual.watchers(), usual.watched(), usual.idle()),
                draft.url, draft.key, draft.pid, given("--jar", draft.jar), given("--data", draft.data),
                given("--results", draft.results), given("--page", draft.page), draft.jvm, draft.code);
    }

    /** The script names what the user did not. */
    private static Path given(String option, @Nullable Path path) throws Unusable {
        if (path == null) {
            throw new Unusable(option + " is missing");
        }
        return path;
    }

    private static String value(String option, Deque<String> rest) throws Unusable {
        if (rest.isEmpty()) {
            throw new Unusable(option + " needs a value");
        }
        return rest.remove();
    }

    private static int number(String option, Deque<String> rest, int least) throws Unusable {
        var value = value(option, rest);
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new Unusable(option + " must be a whole number from " + least + ", not " + value);
    }

    private static URI url(String value) throws Unusable {
        if (!value.matches("http://[^/?#@]+/?")) {
            throw new Unusable("--url must be http://host:port, not " + value);
        }
        return URI.create(value);
    }

    private static Workload workload(String name) throws Unusable {
        for (var workload : Workload.ALL) {
            if (workload.name().equals(name)) {
                return workload;
            }
        }
        throw new Unusable("there is no workload or option " + name);
    }
}
