package dev.handloom.load.workload;

import dev.handloom.load.measure.Latencies;
import dev.handloom.load.measure.Percentiles;
import dev.handloom.load.workload.Crowd.Round;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rounds with the same number of sessions.
 *
 * @param turnsPerSecond     the median of the rounds
 * @param ofRounds           each round's turns per second, in the order they were run
 * @param firstAgentEvent    from just before the POST until the first {@code agent.…} event was read from the stream
 * @param serverCpuMsPerTurn null when the server's process cannot be seen
 */
public record Level(
        int sessions,
        long turns,
        double turnsPerSecond,
        List<Double> ofRounds,
        Percentiles turn,
        Percentiles firstAgentEvent,
        @Nullable Double serverCpuMsPerTurn,
        double clientCpuMsPerTurn
) {
    static Level of(int sessions, List<Round> rounds) {
        var turns = new Latencies();
        var firstEvents = new Latencies();
        var clientCpu = Duration.ZERO;
        var serverCpu = Duration.ZERO;
        boolean serverSeen = true;
        for (var round : rounds) {
            turns.addAll(round.turns());
            firstEvents.addAll(round.firstEvents());
            clientCpu = clientCpu.plus(round.clientCpu());
            serverCpu = serverCpu.plus(round.serverCpu().orElse(Duration.ZERO));
            serverSeen &= round.serverCpu().isPresent();
        }
        var speeds = rounds.stream().map(Round::turnsPerSecond).toList();
        return new Level(sessions, turns.count(), speeds.stream().sorted().toList().get(speeds.size() / 2), speeds,
                turns.percentiles(), firstEvents.percentiles(),
                serverSeen ? Double.valueOf(perTurn(serverCpu, turns)) : null, perTurn(clientCpu, turns));
    }

    private static double perTurn(Duration cpu, Latencies turns) {
        return cpu.toMillis() / (double) turns.count();
    }
}
