package dev.handloom.load.measure;

/** Of {@code count} latencies, in milliseconds. */
public record Percentiles(long count, double p50, double p95, double p99, double max) {}
