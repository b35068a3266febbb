package dev.handloom.load.report;

import dev.handloom.load.measure.Machine;
import dev.handloom.load.measure.Percentiles;
import dev.handloom.load.workload.Append;
import dev.handloom.load.workload.FanOut;
import dev.handloom.load.workload.Level;
import dev.handloom.load.workload.LongSession;
import dev.handloom.load.workload.Report;
import dev.handloom.load.workload.Tools;
import dev.handloom.load.workload.Turns;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What each workload measured, in full. */
public final class Tables {
    private Tables() {}

    /** Markdown. */
    public static String of(Report report) {
        return switch (report) {
            case Turns.Measured turns -> turns(turns);
            case Append.Measured append -> append(append);
            case LongSession.Measured session -> longSession(session);
            case Tools.Measured tools -> tools(tools);
            case FanOut.Measured fanOut -> fanOut(fanOut);
        };
    }

    private static String turns(Turns.Measured turns) {
        return "%d rounds of %.0f s for each number of sessions, taking turns; turns/s is the median round's.\n\n"
                .formatted(
                        turns.rounds(), turns.secondsPerRound())
                + levels(turns.levels());
    }

    private static String levels(List<Level> levels) {
        var table = new Table("sessions", "turns/s", "of the rounds", "turn p50 ms", "p99 ms", "first event p50 ms",
                "p95 ms", "p99 ms", "server CPU ms/turn", "client CPU ms/turn");
        for (var level : levels) {
            var cpu = level.serverCpuMsPerTurn();
            table.row(String.valueOf(level.sessions()), whole(level.turnsPerSecond()),
                    level.ofRounds().stream().map(Tables::whole).collect(Collectors.joining(", ")),
                    ms(level.turn().p50()), ms(level.turn().p99()), ms(level.firstAgentEvent().p50()),
                    ms(level.firstAgentEvent().p95()), ms(level.firstAgentEvent().p99()),
                    cpu == null ? "not seen" : ms(cpu), ms(level.clientCpuMsPerTurn()));
        }
        return table.toString();
    }

    private static String append(Append.Measured append) {
        var table = new Table("events", "append p50 ms", "p95 ms", "p99 ms", "max ms", "bare disk p50 ms", "p99 ms");
        for (var window : append.windows()) {
            table.row("%,d to %,d".formatted(window.from(), window.to()), ms(window.append().p50()),
                    ms(window.append().p95()), ms(window.append().p99()), ms(window.append().max()),
                    ms(window.disk().p50()), ms(window.disk().p99()));
        }
        return "Each append is one `" + append.event() + "` on one idle session, which stores one event and starts "
                + "nothing; %,d were acknowledged and as many found in its history. ".formatted(append.stored())
                + "The bare disk: 1 KB appended and forced (fdatasync), just before each row.\n\n"
                + table.row("all", ms(append.append().p50()), ms(append.append().p95()), ms(append.append().p99()),
                        ms(append.append().max()), ms(append.disk().p50()), ms(append.disk().p99()));
    }

    private static String longSession(LongSession.Measured measured) {
        var table = new Table("session", "first %d turns p50 ms".formatted(measured.edge()),
                "last %d turns p50 ms".formatted(measured.edge()), "growth");
        for (int i = 0; i < measured.sessions().size(); i++) {
            var session = measured.sessions().get(i);
            table.row(String.valueOf(i + 1), ms(session.firstP50()), ms(session.lastP50()), times(session.growth()));
        }
        return "%d turns in one session, one after the other; the median growth is %s.\n\n".formatted(measured.turns(),
                times(measured.growth())) + table;
    }

    private static String tools(Tools.Measured tools) {
        return tools.skipped() != null
                ? "Skipped: " + tools.skipped() + "\n"
                : "Hands: %s. One `bash` call a turn, in a sandbox that is there already; the first call of all took %s ms.\n\n"
                        .formatted(tools.hands(), ms(tools.firstCallMs())) + levels(tools.levels());
    }

    private static String fanOut(FanOut.Measured measured) {
        var cpu = measured.serverCpuMs();
        var memory = measured.kbPerIdle();
        return "%,d events sent to one session, 40 a second, read live by %,d clients; then %,d streams, 100 to a session, on which nothing happens.\n\n"
                .formatted(measured.events(), measured.clients(), measured.idle())
                + new Table("deliveries/s", "delivery p50 ms", "p95 ms", "p99 ms", "max ms", "gaps",
                        "server CPU ms per 1,000 deliveries", "server memory KB an idle stream",
                        "idle stream opens in p50 ms", "p99 ms")
                        .row(whole(measured.deliveriesPerSecond()), ms(measured.delivery().p50()),
                                ms(measured.delivery().p95()), ms(measured.delivery().p99()),
                                ms(measured.delivery().max()), String.valueOf(measured.gaps()),
                                cpu == null ? "not seen" : ms(cpu), memory == null ? "not seen" : ms(memory),
                                ms(measured.idleConnectMs().p50()), ms(measured.idleConnectMs().p99()));
    }

    /** Markdown. */
    public static String of(Machine machine) {
        return "%d cores (%s), %,d MB, %s, %s; one forced append of 1 KB: %s; %s; %s; load average at start %.2f\n"
                .formatted(
                        machine.cores(), machine.processor(), machine.memoryMb(), machine.kernel(),
                        machine.fileSystem(),
                        brief(machine.fsync()), machine.jvm(), machine.at(), machine.loadAverage());
    }

    private static String brief(Percentiles latencies) {
        return "p50 %s ms, p99 %s ms".formatted(ms(latencies.p50()), ms(latencies.p99()));
    }

    static String ms(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
    }

    static String whole(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    static String times(double ratio) {
        return String.format(Locale.ROOT, "×%.2f", ratio);
    }
}
