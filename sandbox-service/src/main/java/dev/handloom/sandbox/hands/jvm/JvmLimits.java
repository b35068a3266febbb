package dev.handloom.sandbox.hands.jvm;

import java.util.Map;

/** What one embedded hand may use. The JVM has one heap for all: only what is counted here is limited. */
final class JvmLimits {
    /** Of all files together. */
    static final long FILES_BYTES_MAX = 64L << 20;
    /** Of the files of all hands together: a quarter of the heap, but at least what one hand may have. */
    static final long FILES_BYTES_MAX_OF_ALL = Math.max(FILES_BYTES_MAX, Runtime.getRuntime().maxMemory() / 4);
    /** Files, folders and links together. */
    static final int FILES_MAX = 10_000;

    static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/root", "USER", "root", "LANG", "C.UTF-8", "SHELL",
            "/bin/bash", "TERM", "dumb");

    /**
     * just-bash's own limits for one call (its limits.d.ts says what each means). Those on steps are wide, for the time
     * limit ends what never ends; those on sizes are narrow, for the heap is everybody's.
     */
    static final Map<String, Integer> OF_A_CALL = Map.ofEntries(
            Map.entry("maxSourceBytes", 1 << 20), Map.entry("maxCallDepth", 100), Map.entry("maxExecDepth", 32),
            Map.entry("maxCommandCount", 1_000_000), Map.entry("maxLoopIterations", 1_000_000),
            Map.entry("maxAwkIterations", 10_000_000), Map.entry("maxSedIterations", 1_000_000),
            Map.entry("maxJqIterations", 10_000_000), Map.entry("maxWorkUnits", 100_000_000),
            Map.entry("maxStringLength", 8 << 20), Map.entry("maxLiveBytes", 64 << 20),
            Map.entry("maxInputBytes", 256 << 20), Map.entry("maxOutputSize", 32 << 20),
            Map.entry("maxHeredocSize", 8 << 20), Map.entry("maxArrayElements", 100_000),
            Map.entry("maxQueryElements", 100_000));

    private JvmLimits() {}
}
