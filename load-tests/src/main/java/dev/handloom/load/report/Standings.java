package dev.handloom.load.report;

import dev.handloom.load.report.Standing.Goal;
import dev.handloom.load.workload.Append;
import dev.handloom.load.workload.Level;
import dev.handloom.load.workload.LongSession;
import dev.handloom.load.workload.Report;
import dev.handloom.load.workload.Tools;
import dev.handloom.load.workload.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The goals of the design (docs/ARCHITECTURE.md, what every part owes), each beside what was measured. */
final class Standings {
    private static final String NOT_RUN = "its workload was not run";
    private static final String NO_WORKLOAD = "its workload is still to be written";
    /** Of the last window's median against the first one's: more is not flat. */
    private static final double FLAT = 1.25;
    private static final int FLAT_UP_TO = 100_000;
    private static final double TIE_MS = 0.005;

    private static final Goal APPEND = new Goal("append of one event, acknowledged durable, p50 over HTTP",
            "0.4–0.6 ms (not fsynced per commit)", "≤ 0.4 ms, flat from the 1st to the 100,000th event");
    private static final Goal FIRST_EVENT = new Goal("`POST user.message` → first agent event on the stream, p50",
            "2.3 ms (p95 5.0)", "≤ 2 ms (p95 ≤ 5)");
    private static final Goal TURNS = new Goal("turns/s at 1 / 16 / 64 sessions", "376 / 419 / 393",
            "≥ 400 / 800 / 800");
    private static final Goal CPU = new Goal("CPU of the server per turn, at 16 sessions", "2.35 ms", "≤ 1.3 ms");
    private static final Goal LONG = new Goal("turn p50 after 400 turns in one session, against the first 50", "×5.1",
            "≤ ×1.2");
    private static final Goal TOOLS = new Goal("a turn with one bash call, p50; such turns/s at 16",
            "10.6 ms; 90 (no isolation)", "≤ 5 ms; ≥ 300, in a hardened container, warm");
    private static final List<Goal> LATER = List.of(
            new Goal("`execute` overhead over `docker exec`", "22.5 ms a call", "≤ 0.5 ms p50, 2 ms p99"),
            new Goal("first token, session that needs no code: against booting the container first",
                    "p50 −60 %, p95 −90 % (published)", "≥ −95 % both, measured side by side"),
            new Goal("crash → session moves again", "45–120 s", "≤ 3 s"));

    private final Map<String, Result> results;

    Standings(Map<String, Result> results) {
        this.results = results;
    }

    List<Standing> all() {
        var all = new ArrayList<Standing>();
        all.add(measured(Append.Measured.class).map(Standings::append).orElse(APPEND.unmeasured(NOT_RUN)));
        all.add(level(1).map(Standings::firstEvent).orElse(FIRST_EVENT.unmeasured(NOT_RUN)));
        all.add(turns());
        all.add(level(16).map(Standings::cpu).orElse(CPU.unmeasured(NOT_RUN)));
        all.add(measured(LongSession.Measured.class).map(Standings::longSession).orElse(LONG.unmeasured(NOT_RUN)));
        all.add(measured(Tools.Measured.class).map(Standings::tools).orElse(TOOLS.unmeasured(NOT_RUN)));
        LATER.forEach(goal -> all.add(goal.unmeasured(NO_WORKLOAD)));
        return all;
    }

    private <R extends Report> Optional<R> measured(Class<R> kind) {
        return results.values().stream().map(Result::measured).filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private Optional<Level> level(int sessions) {
        return measured(Turns.Measured.class).flatMap(turns -> level(turns.levels(), sessions));
    }

    private static Optional<Level> level(List<Level> levels, int sessions) {
        return levels.stream().filter(level -> level.sessions() == sessions).findFirst();
    }

    private static Standing append(Append.Measured append) {
        double first = append.windows().getFirst().append().p50();
        double last = append.windows().getLast().append().p50();
        boolean flat = last <= first * FLAT + TIE_MS;
        var standing = APPEND.atMost(List.of(append.append().p50()), List.of(0.4),
                "%s ms; last tenth against the first %s"
                        .formatted(Tables.ms(append.append().p50()), Tables.times(last / first)));
        if (!flat) {
            return new Standing(standing.what(), standing.bestPeer(), standing.goal(), standing.measured(),
                    standing.ratio(), "not met: not flat");
        }
        return append.stored() < FLAT_UP_TO ? standing.but(" (up to %,d events)".formatted(append.stored())) : standing;
    }

    private static Standing firstEvent(Level level) {
        var latencies = level.firstAgentEvent();
        return FIRST_EVENT.atMost(List.of(latencies.p50(), latencies.p95()), List.of(2.0, 5.0),
                "%s ms (p95 %s)".formatted(Tables.ms(latencies.p50()), Tables.ms(latencies.p95())));
    }

    private Standing turns() {
        var levels = List.of(level(1), level(16), level(64));
        if (levels.stream().anyMatch(Optional::isEmpty)) {
            return TURNS.unmeasured(NOT_RUN);
        }
        var speeds = levels.stream().map(level -> level.orElseThrow().turnsPerSecond()).toList();
        return TURNS.atLeast(speeds, List.of(400.0, 800.0, 800.0), join(speeds, Tables::whole));
    }

    private static Standing cpu(Level level) {
        var cpu = level.serverCpuMsPerTurn();
        return cpu == null
                ? CPU.unmeasured("the server's process could not be seen")
                : CPU.atMost(List.of(cpu), List.of(1.3), Tables.ms(cpu) + " ms");
    }

    private static Standing longSession(LongSession.Measured measured) {
        return LONG.atMost(List.of(measured.growth()), List.of(1.2), Tables.times(measured.growth()));
    }

    private static Standing tools(Tools.Measured tools) {
        var one = level(tools.levels(), 1);
        var sixteen = level(tools.levels(), 16);
        if (one.isEmpty() || sixteen.isEmpty()) {
            return TOOLS.unmeasured(tools.skipped() == null ? NOT_RUN : "there were no hands");
        }
        double p50 = one.get().turn().p50();
        double speed = sixteen.get().turnsPerSecond();
        var slow = TOOLS.atMost(List.of(p50), List.of(5.0), "");
        var fast = TOOLS.atLeast(List.of(speed), List.of(300.0), "");
        boolean met = slow.verdict().equals(Standing.MET) && fast.verdict().equals(Standing.MET);
        return new Standing(slow.what(), slow.bestPeer(), slow.goal(),
                "%s ms; %s (hands: %s)".formatted(Tables.ms(p50), Tables.whole(speed), tools.hands()),
                slow.ratio() + "; " + fast.ratio(), met ? Standing.MET : Standing.NOT_MET);
    }

    private static String join(List<Double> values, Function<Double, String> text) {
        return values.stream().map(text).collect(Collectors.joining(" / "));
    }
}
