package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.Line;
import dev.handloom.harness.context.strategy.Prelude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session that once ran, as its model was asked.
 *
 * @param lines  everything that was said, valid for the Messages API
 * @param calls  the model requests that were answered, in order
 * @param prices what its provider took, where the recording shows it
 */
public record Recording(String id, Prelude prelude, List<Line> lines, List<Call> calls, @Nullable Prices prices) {
    /**
     * @param lines  how many lines there were when the model was asked; the answer is the next one
     * @param at     null where no times were recorded
     * @param billed null where no usage was recorded
     */
    public record Call(int lines, @Nullable Instant at, @Nullable Billed billed) {}

    /**
     * Tokens.
     *
     * @param input  all of them, cached or not
     * @param cached of the input, read from the provider's cache
     */
    public record Billed(long input, long cached, long output) {}
}
