package dev.handloom.standalone.terminal;

import java.time.Duration;
import java.util.Locale;

/** Lengths of time in words, no finer than a reader cares for. */
public final class Took {
    private Took() {}

    public static String words(Duration length) {
        long millis = length.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return String.format(Locale.ROOT, "%d min %02d s", length.toMinutes(), length.toSecondsPart());
    }
}
