package dev.handloom.harness.replay;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far estimated tokens are from those that were billed, over all requests whose bill was recorded.
 *
 * @param calls         how many
 * @param meanPercent   mean of the errors, signs aside, of the bare estimate
 * @param p95Percent    the error that one in twenty requests exceeds
 * @param sumPercent    error of the sum
 * @param meanCorrected as {@code meanPercent}, corrected by the request before
 * @param p95Corrected  as {@code p95Percent}, corrected by the request before
 * @param input         tokens billed
 * @param cached        of them read from the provider's cache
 */
record Accuracy(
        int calls,
        double meanPercent,
        double p95Percent,
        double sumPercent,
        double meanCorrected,
        double p95Corrected,
        long input,
        long cached
) {
    private static final double HUNDRED = 100;

    /** Null where nothing was billed. */
    static @Nullable Accuracy of(List<Recording> recordings) {
        var bare = new ArrayList<Double>();
        var corrected = new ArrayList<Double>();
        long estimated = 0;
        long input = 0;
        long cached = 0;
        for (var recording : recordings) {
            double correction = 1;
            for (var call : recording.calls()) {
                var billed = call.billed();
                if (billed != null && billed.input() > 0) {
                    long estimate = Replay.estimate(recording, call);
                    bare.add(Math.abs((double) estimate / billed.input() - 1) * HUNDRED);
                    corrected.add(Math.abs(estimate * correction / billed.input() - 1) * HUNDRED);
                    correction = Math.clamp((double) billed.input() / estimate, 0.5, 2);
                    estimated += estimate;
                    input += billed.input();
                    cached += billed.cached();
                }
            }
        }
        return bare.isEmpty()
                ? null
                : new Accuracy(bare.size(), mean(bare), p95(bare), ((double) estimated / input - 1) * HUNDRED,
                        mean(corrected), p95(corrected), input, cached);
    }

    private static double mean(List<Double> errors) {
        return errors.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    private static double p95(List<Double> errors) {
        return errors.stream().sorted().skip((long) (errors.size() * 0.95)).findFirst().orElse(0.0);
    }
}
