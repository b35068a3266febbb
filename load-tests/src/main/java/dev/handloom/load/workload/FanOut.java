package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.load.client.EventStream;
import dev.handloom.load.client.Message;
import dev.handloom.load.measure.Latencies;
import dev.handloom.load.measure.Memory;
import dev.handloom.load.measure.Percentiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Many clients on one session's live stream, then very many streams on which nothing happens. Every client must see
 * every event once and in order; a delivery is timed from just before the event is sent until a client has read it.
 */
public final class FanOut implements Workload {
    private static final Message EVENT = Message.event("user.interrupt");
    private static final int RUN_IN = 40;
    private static final Duration EVERY = Duration.ofMillis(25);
    private static final int IDLE_PER_SESSION = 100;
    private static final int CONNECTING_MAX = 64;

    FanOut() {}

    /**
     * @param delivery      of each event to each client
     * @param gaps          events that a client did not see, saw twice or saw too early
     * @param serverCpuMs   of the server, per 1,000 deliveries; null where it cannot be seen
     * @param kbPerIdle     of the server's memory, a stream; null where it cannot be seen
     * @param idleConnectMs to open one of the idle streams, {@value #CONNECTING_MAX} at a time
     */
    @JsonTypeName("fan-out")
    public record Measured(
            int clients,
            int events,
            double deliveriesPerSecond,
            Percentiles delivery,
            long gaps,
            @Nullable Double serverCpuMs,
            int idle,
            @Nullable Double kbPerIdle,
            Percentiles idleConnectMs
    ) implements Report {}

    private record Heard(Latencies deliveries, long gaps) {}

    @Override
    public String name() {
        return "fan-out";
    }

    @Override
    public Measured run(Bench bench) throws IOException, InterruptedException {
        bench.warmUp();
        var plan = bench.plan();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var session = bench.api().session(bench.loom());
            var streams = open(bench, List.of(session), plan.watchers(), new Latencies());
            var sent = new AtomicLongArray(RUN_IN + plan.watched());
            var hearing = new ArrayList<Future<Heard>>();
            for (var stream : streams) {
                hearing.add(threads.submit(() -> hear(stream, sent)));
            }
            var cpu = bench.target().server().time();
            long start = System.nanoTime();
            send(bench, session, sent);
            var deliveries = new Latencies();
            long gaps = 0;
            for (var heard : hearing) {
                deliveries.addAll(result(heard).deliveries());
                gaps += result(heard).gaps();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            var spent = bench.target().server().time().flatMap(end -> cpu.map(end::minus));
            close(streams);
            bench.say("fan-out, %,d clients: p99 %.1f ms, %d gaps".formatted(plan.watchers(),
                    deliveries.percentiles().p99(), gaps));
            double all = (double) plan.watchers() * sent.length();
            var idle = idle(bench);
            return new Measured(plan.watchers(), plan.watched(), all / seconds, deliveries.percentiles(), gaps,
                    spent.map(time -> time.toNanos() / 1e6 / all * 1000).orElse(null), plan.idle(), idle.kb(),
                    idle.connect());
        }
    }

    private static void send(Bench bench, String session, AtomicLongArray sent) throws IOException {
        long due = System.nanoTime();
        for (int i = 0; i < sent.length(); i++) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            sent.set(i, System.nanoTime());
            bench.api().send(session, EVENT);
            due += EVERY.toNanos();
        }
    }

    private static Heard hear(EventStream stream, AtomicLongArray sent) throws IOException {
        var deliveries = new Latencies();
        long gaps = 0;
        long position = 0;
        for (int i = 0; i < sent.length(); i++) {
            long before = position;
            position = stream.next().position();
            if (i > 0 && position != before + 1) {
                gaps++;
            }
            if (i >= RUN_IN) {
                deliveries.add(System.nanoTime() - sent.get(i));
            }
        }
        return new Heard(deliveries, gaps);
    }

    private record Idle(@Nullable Double kb, Percentiles connect) {}

    private static Idle idle(Bench bench) throws IOException, InterruptedException {
        int count = bench.plan().idle();
        var sessions = new ArrayList<String>();
        for (int i = 0; i < count / IDLE_PER_SESSION; i++) {
            sessions.add(bench.api().session(bench.loom()));
        }
        var memory = new Memory(bench.target().server().pid());
        close(open(bench, sessions, count / 10, new Latencies()));
        var before = memory.residentKb();
        var connect = new Latencies();
        var streams = open(bench, sessions, count, connect);
        var after = memory.residentKb();
        bench.say("fan-out, %,d idle streams are open".formatted(count));
        for (int i = 0; i < streams.size(); i += IDLE_PER_SESSION) {
            bench.api().send(streams.get(i).session(), EVENT);
            streams.get(i).next();
        }
        close(streams);
        return new Idle(before.isEmpty() || after.isEmpty()
                ? null
                : (after.getAsLong() - before.getAsLong()) / (double) count, connect.percentiles());
    }

    /** Opens streams on the sessions in turn. */
    private static List<EventStream> open(Bench bench, List<String> sessions, int count, Latencies connect)
            throws IOException, InterruptedException {
        var places = new Semaphore(CONNECTING_MAX);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var opening = new ArrayList<Future<EventStream>>();
            for (int i = 0; i < count; i++) {
                var session = sessions.get(i % sessions.size());
                opening.add(threads.submit((Callable<EventStream>) () -> {
                    places.acquire();
                    try {
                        long start = System.nanoTime();
                        var stream = bench.api().stream(session);
                        synchronized (connect) {
                            connect.add(System.nanoTime() - start);
                        }
                        return stream;
                    } finally {
                        places.release();
                    }
                }));
            }
            var streams = new ArrayList<EventStream>();
            for (var stream : opening) {
                streams.add(result(stream));
            }
            return streams;
        }
    }

    private static <T> T result(Future<T> done) throws IOException, InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException(failed.getCause());
        }
    }

    private static void close(List<EventStream> streams) throws IOException {
        for (var stream : streams) {
            stream.close();
        }
    }
}
