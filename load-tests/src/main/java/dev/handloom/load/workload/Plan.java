package dev.handloom.load.workload;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured.
 *
 * @param warmUp     turns for this long before anything counts, once a server
 * @param measure    one round at one number of sessions
 * @param rounds     how often each number of sessions gets its turn, 1 or more
 * @param levels     numbers of sessions, each 1 or more
 * @param toolLevels the same, for turns with tools
 * @param appends    events appended to one session, 10 or more
 * @param longTurns  turns of the long session, at least twice {@code edge}
 * @param edge       how many turns count as its beginning, and as its end
 * @param watchers   clients on one live stream, 1 or more
 * @param watched    events that each of them is to see, 1 or more
 * @param idle       streams on which nothing happens, 100 or more
 */
public record Plan(
        Duration warmUp,
        Duration measure,
        int rounds,
        List<Integer> levels,
        List<Integer> toolLevels,
        int appends,
        int longTurns,
        int edge,
        int watchers,
        int watched,
        int idle
) {
    public static final Plan USUAL = new Plan(Duration.ofSeconds(20), Duration.ofSeconds(10), 3, List.of(1, 16, 64),
            List.of(1, 16), 10_000, 400, 50, 1000, 400, 10_000);
    public static final int APPENDS_MIN = 10;
    private static final int IDLE_MIN = 100;

    public Plan {
        if (rounds < 1 || appends < APPENDS_MIN || edge < 1 || longTurns < 2 * edge || watchers < 1 || watched < 1
                || idle < IDLE_MIN || measure.isNegative()
                || warmUp.isNegative() || levels.stream().anyMatch(sessions -> sessions < 1)
                || toolLevels.stream().anyMatch(sessions -> sessions < 1)) {
            throw new IllegalArgumentException("this plan measures nothing");
        }
    }
}
