package dev.handloom.load.measure;

import java.util.Arrays;

/** Every single latency, in nanoseconds: exact, and small beside what it measures. For one thread. */
public final class Latencies {
    private static final double NANOS_PER_MS = 1e6;

    private long[] nanos = new long[1024];
    private int count;

    public void add(long latency) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = latency;
    }

    public void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    public int count() {
        return count;
    }

    /** Those from the given place (included, from 0) to another (excluded), in the order they were added. */
    public Latencies between(int from, int to) {
        var part = new Latencies();
        part.nanos = Arrays.copyOfRange(nanos, from, Math.min(to, count));
        part.count = part.nanos.length;
        return part;
    }

    /** All zero when there are none. */
    public Percentiles percentiles() {
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return new Percentiles(count, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1));
    }

    /** The smallest latency that so large a share of all does not exceed. */
    private static double at(long[] sorted, double share) {
        if (sorted.length == 0) {
            return 0;
        }
        int place = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, place)] / NANOS_PER_MS;
    }
}
