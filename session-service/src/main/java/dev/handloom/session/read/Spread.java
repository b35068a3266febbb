package dev.handloom.session.read;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long things took, counted in buckets of which each begins a tenth above the one before it. What is read out of it is
 * within 5 % of the truth, or within a microsecond. Spreads are added up bucket by bucket.
 */
record Spread(NavigableMap<Integer, Long> counts) {
    private static final double GROWTH = 1.1;

    Spread() {
        this(new TreeMap<>());
    }

    /** Bucket 0 holds what took less than a microsecond; there are some 300 for the first hundred days. */
    static int bucket(Duration took) {
        long micros = Math.max(0, took.toNanos() / 1_000);
        return micros == 0 ? 0 : 1 + (int) Math.floor(Math.log((double) micros) / Math.log(GROWTH));
    }

    void add(int bucket, long count) {
        counts.merge(bucket, count, Long::sum);
    }

    long count() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** @return milliseconds that this share of them did not exceed; null for an empty spread */
    @Nullable
    Double quantileMs(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count()));
        long seen = 0;
        for (var bucket : counts.entrySet()) {
            seen += bucket.getValue();
            if (seen >= rank) {
                return millis(bucket.getKey());
            }
        }
        return null;
    }

    /** The number that is nearest, in proportion, to both ends of a bucket. */
    private static double millis(int bucket) {
        return bucket == 0 ? 0 : Math.pow(GROWTH, bucket - 1) * 2 * GROWTH / (1 + GROWTH) / 1_000;
    }
}
