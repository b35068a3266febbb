package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.load.client.Message;
import dev.handloom.load.measure.Latencies;
import dev.handloom.load.measure.Percentiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One event appended to one session, over and over, each acknowledged before the next is sent. The event is
 * {@code user.interrupt} on an idle session: the contract stores it and it starts nothing, so that one request is one
 * event and one commit, as a count at the end shows. Between the appends the bare disk is measured.
 */
public final class Append implements Workload {
    private static final String EVENT = "user.interrupt";
    private static final Message INTERRUPT = Message.event(EVENT);
    private static final int RUN_IN = 3000;
    private static final int WINDOWS = 10;
    private static final int FORCES_PER_WINDOW = 500;

    Append() {}

    /**
     * @param stored events of this type found in the session's history afterwards
     * @param append all appends; {@code disk}: all bare appends of 1 KB, each forced
     */
    @JsonTypeName("append")
    public record Measured(
            String event,
            long stored,
            Percentiles append,
            Percentiles disk,
            List<Window> windows
    ) implements Report {}

    /** The appends that made the log's events {@code from} to {@code to}, and the disk just before. */
    public record Window(int from, int to, Percentiles append, Percentiles disk) {}

    @Override
    public String name() {
        return "append";
    }

    @Override
    public Measured run(Bench bench) throws IOException, InterruptedException {
        bench.warmUp();
        int appends = bench.plan().appends();
        var runIn = bench.api().session(bench.loom());
        append(bench, runIn, Math.min(RUN_IN, appends));
        var session = bench.api().session(bench.loom());
        var windows = new ArrayList<Window>();
        var all = new Latencies();
        var disk = new Latencies();
        for (int i = 0; i < WINDOWS; i++) {
            int from = (int) ((long) appends * i / WINDOWS);
            int to = (int) ((long) appends * (i + 1) / WINDOWS);
            var forced = bench.target().disk().force(FORCES_PER_WINDOW);
            var appended = append(bench, session, to - from);
            windows.add(new Window(from + 1, to, appended.percentiles(), forced.percentiles()));
            bench.say("append, events %,d to %,d: p50 %.3f ms".formatted(from + 1, to,
                    appended.percentiles().p50()));
            all.addAll(appended);
            disk.addAll(forced);
        }
        long stored = bench.api().count(session, EVENT);
        if (stored != appends) {
            throw new IllegalStateException(appends + " appends were acknowledged, but " + stored + " are stored");
        }
        bench.api().archive(runIn);
        bench.api().archive(session);
        return new Measured(EVENT, stored, all.percentiles(), disk.percentiles(), windows);
    }

    private static Latencies append(Bench bench, String session, int times) throws IOException {
        var latencies = new Latencies();
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            bench.api().send(session, INTERRUPT);
            latencies.add(System.nanoTime() - start);
        }
        return latencies;
    }
}
