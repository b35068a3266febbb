package dev.handloom.harness.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy would have made of a recorded session.
 *
 * @param inputs        tokens of each request, notes aside
 * @param read          tokens read from the cache, of requests and notes
 * @param written       tokens written to it
 * @param plain         tokens that met no cache
 * @param output        tokens the model answered, notes included
 * @param notes         how many notes it would have had to write
 * @param noteInputs    tokens it would have read to write them
 * @param prefixChanges how often a request did not begin with all that the one before had shown
 * @param needles       how many words the recorded agent used next that had been said before
 * @param kept          how many of them were still in view
 * @param nanos         of processor time for all views
 * @param usd           null without prices
 */
record Outcome(
        String session,
        List<Long> inputs,
        long read,
        long written,
        long plain,
        long output,
        int notes,
        long noteInputs,
        int prefixChanges,
        int needles,
        int kept,
        long nanos,
        @Nullable Double usd
) {
    long input() {
        return inputs.stream().mapToLong(Long::longValue).sum() + noteInputs;
    }

    long peak() {
        return inputs.stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
