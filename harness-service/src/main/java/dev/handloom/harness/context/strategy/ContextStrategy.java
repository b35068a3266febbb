package dev.handloom.harness.context.strategy;

/**
 * Decides what the model is shown. Pure: the same past always gives the same view, so that it can be shown again and
 * other strategies can be tried on it. Decisions that would move the beginning of the view are taken at one request and
 * then stand: each strategy goes through all requests from the first on, so that it needs no memory of its own.
 */
@FunctionalInterface
public interface ContextStrategy {
    View view(Past past);

    static ContextStrategy of(Policy policy) {
        return switch (policy) {
            case Policy.Full _ -> past -> new Frame(past).view();
            case Policy.SlidingWindow window -> new Sliding(window);
            case Policy.ClearToolResults clear -> new Clearing(clear);
            case Policy.Compaction compaction -> new Summing(Past.Kind.SUMMARY, compaction.atPercent(),
                    compaction.keepTurns(), null);
            case Policy.ResetWithHandover reset -> new Summing(Past.Kind.HANDOVER, reset.atPercent(), 0, null);
            case Policy.Hybrid(var clear, var compaction) -> new Summing(Past.Kind.SUMMARY, compaction.atPercent(),
                    compaction.keepTurns(), new Clearing(clear));
        };
    }
}
