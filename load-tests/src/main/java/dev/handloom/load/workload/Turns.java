package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.io.IOException;
import java.util.List;

/**
 * Turns with an instant model: each session sends {@code user.message} and waits on its stream for
 * {@code session.status_idle}.
 */
public final class Turns implements Workload {
    Turns() {}

    @JsonTypeName("turns")
    public record Measured(int rounds, double secondsPerRound, List<Level> levels) implements Report {}

    @Override
    public String name() {
        return "turns";
    }

    @Override
    public Measured run(Bench bench) throws IOException, InterruptedException {
        bench.warmUp();
        var plan = bench.plan();
        return new Measured(plan.rounds(), plan.measure().toMillis() / 1000.0,
                new Rounds(name(), Bench.SAY_OK, (_, _) -> {}).run(bench, plan.levels()));
    }
}
