package dev.handloom.load.workload;

import dev.handloom.load.client.Conversation;
import dev.handloom.load.client.Message;
import dev.handloom.load.measure.Cpu;
import dev.handloom.load.measure.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Sessions that talk at the same time, each on a thread of its own, each as fast as it is answered. */
final class Crowd implements AutoCloseable {
    private final Bench bench;
    private final List<Conversation> conversations = new ArrayList<>();

    Crowd(Bench bench, int sessions) throws IOException {
        this.bench = bench;
        for (int i = 0; i < sessions; i++) {
            conversations.add(bench.api().conversation(bench.loom()));
        }
    }

    /** @param serverCpu spent in this time by the server; empty when it cannot be seen */
    record Round(
            Duration took,
            Latencies turns,
            Latencies firstEvents,
            Optional<Duration> serverCpu,
            Duration clientCpu
    ) {
        double turnsPerSecond() {
            return turns.count() * 1e9 / took.toNanos();
        }
    }

    /** Each session has at least one turn, and begins none after the given time. */
    Round talk(Message message, Conversation.Watch watch, Duration time) throws IOException, InterruptedException {
        var server = bench.target().server();
        var client = Cpu.ofThisProcess();
        var serverBefore = server.time();
        var clientBefore = client.time().orElse(Duration.ZERO);
        long start = System.nanoTime();
        var spoken = together(conversations.stream()
                .map(conversation -> talk(conversation, message, watch, time))
                .toList());
        var took = Duration.ofNanos(System.nanoTime() - start);
        var turns = new Latencies();
        var firstEvents = new Latencies();
        for (var one : spoken) {
            turns.addAll(one.turns());
            firstEvents.addAll(one.firstEvents());
        }
        return new Round(took, turns, firstEvents,
                server.time().flatMap(after -> serverBefore.map(after::minus)),
                client.time().orElse(Duration.ZERO).minus(clientBefore));
    }

    private record Spoken(Latencies turns, Latencies firstEvents) {}

    private static Callable<Spoken> talk(
            Conversation conversation,
            Message message,
            Conversation.Watch watch,
            Duration time
    ) {
        return () -> {
            var spoken = new Spoken(new Latencies(), new Latencies());
            long end = System.nanoTime() + time.toNanos();
            do {
                var turn = conversation.turn(message, watch);
                spoken.turns().add(turn.whole());
                spoken.firstEvents().add(turn.firstAgentEvent());
            } while (System.nanoTime() < end);
            return spoken;
        };
    }

    private static List<Spoken> together(List<Callable<Spoken>> talks) throws IOException, InterruptedException {
        try (var threads = Executors.newFixedThreadPool(talks.size())) {
            var spoken = new ArrayList<Spoken>();
            for (var one : threads.invokeAll(talks)) {
                spoken.add(one.get());
            }
            return spoken;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Ends the sessions too, so that nothing of them is kept for long. */
    @Override
    public void close() throws IOException {
        for (var conversation : conversations) {
            conversation.close();
            bench.api().archive(conversation.session());
        }
    }
}
