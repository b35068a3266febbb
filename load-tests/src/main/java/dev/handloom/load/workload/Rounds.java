package dev.handloom.load.workload;

import dev.handloom.load.client.Conversation;
import dev.handloom.load.client.Message;
import dev.handloom.load.workload.Crowd.Round;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same turn at several numbers of sessions, which take turns, so that a busy minute of the machine hits them all. */
record Rounds(String name, Message message, Conversation.Watch watch) {
    /** The share of a round that comes before it and does not count. */
    private static final int RUN_IN_SHARE = 5;

    /** Each round has sessions of its own; their first turn never counts. */
    List<Level> run(Bench bench, List<Integer> levels) throws IOException, InterruptedException {
        var plan = bench.plan();
        Map<Integer, List<Round>> rounds = new LinkedHashMap<>();
        for (int i = 1; i <= plan.rounds(); i++) {
            for (int sessions : levels) {
                try (var crowd = bench.crowd(sessions)) {
                    crowd.talk(message, watch, Duration.ZERO);
                    crowd.talk(message, watch, plan.measure().dividedBy(RUN_IN_SHARE));
                    var round = crowd.talk(message, watch, plan.measure());
                    rounds.computeIfAbsent(sessions, _ -> new ArrayList<>()).add(round);
                    bench.say("%s, round %d of %d, sessions %d: %.0f turns/s".formatted(name, i, plan.rounds(),
                            sessions, round.turnsPerSecond()));
                }
            }
        }
        return rounds.entrySet().stream().map(entry -> Level.of(entry.getKey(), entry.getValue())).toList();
    }
}
