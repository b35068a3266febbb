package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.load.measure.Latencies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One session of many turns, its stream read all the while: does a turn cost more when much came before it? */
public final class LongSession implements Workload {
    LongSession() {}

    /** @param growth the median of the sessions' */
    @JsonTypeName("long-session")
    public record Measured(int turns, int edge, double growth, List<OneSession> sessions) implements Report {}

    /** @param growth the last turns' median against the first ones' */
    public record OneSession(double firstP50, double lastP50, double growth) {}

    @Override
    public String name() {
        return "long-session";
    }

    @Override
    public Measured run(Bench bench) throws IOException, InterruptedException {
        bench.warmUp();
        var plan = bench.plan();
        var sessions = new ArrayList<OneSession>();
        talk(bench);
        for (int i = 1; i <= plan.rounds(); i++) {
            var turns = talk(bench);
            double first = turns.between(0, plan.edge()).percentiles().p50();
            double last = turns.between(turns.count() - plan.edge(), turns.count()).percentiles().p50();
            sessions.add(new OneSession(first, last, last / first));
            bench.say("long-session, session %d of %d: p50 %.2f ms, then %.2f ms".formatted(i, plan.rounds(), first,
                    last));
        }
        var growths = sessions.stream().map(OneSession::growth).sorted().toList();
        return new Measured(plan.longTurns(), plan.edge(), growths.get(growths.size() / 2), sessions);
    }

    private static Latencies talk(Bench bench) throws IOException {
        var turns = new Latencies();
        try (var conversation = bench.api().conversation(bench.loom())) {
            for (int i = 0; i < bench.plan().longTurns(); i++) {
                turns.add(conversation.turn(Bench.SAY_OK).whole());
            }
            bench.api().archive(conversation.session());
        }
        return turns;
    }
}
