package dev.handloom.load.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One goal, and where we stand.
 *
 * @param bestPeer what the best comparable system was measured at
 * @param ratio    measured against the goal: of 1 or less where less is better
 */
record Standing(String what, String bestPeer, String goal, String measured, String ratio, String verdict) {
    static final String MET = "**met**";
    static final String NOT_MET = "not met";
    private static final String NONE = "–";

    /** A goal before anyone measured. */
    record Goal(String what, String bestPeer, String text) {
        Standing unmeasured(String why) {
            return new Standing(what, bestPeer, text, NONE, NONE, "not measured: " + why);
        }

        /** Every value must stay at or under its limit. */
        Standing atMost(List<Double> values, List<Double> limits, String measured) {
            return against(values, limits, measured,
                    IntStream.range(0, values.size()).allMatch(i -> values.get(i) <= limits.get(i)));
        }

        /** Every value must reach its limit. */
        Standing atLeast(List<Double> values, List<Double> limits, String measured) {
            return against(values, limits, measured,
                    IntStream.range(0, values.size()).allMatch(i -> values.get(i) >= limits.get(i)));
        }

        private Standing against(List<Double> values, List<Double> limits, String measured, boolean met) {
            return new Standing(what, bestPeer, text, measured,
                    IntStream.range(0, values.size())
                            .mapToObj(i -> Tables.times(values.get(i) / limits.get(i)))
                            .collect(Collectors.joining(" / ")),
                    met ? MET : NOT_MET);
        }
    }

    Standing but(String remark) {
        return new Standing(what, bestPeer, goal, measured, ratio, verdict + remark);
    }
}
