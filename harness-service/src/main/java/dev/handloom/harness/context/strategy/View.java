package dev.handloom.harness.context.strategy;

import dev.handloom.harness.model.Model;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model is shown.
 *
 * @param lines  valid for the Messages API: user first, roles in turn, every call answered in the next message
 * @param cuts   what is not shown as it was said, and why
 * @param counts estimated tokens of the whole request, uncorrected
 * @param tokens estimated tokens of the whole request, corrected
 * @param stable how many lines from the first on were shown to the request before as well
 * @param due    the note that should be written before this is sent, or null
 */
public record View(List<Line> lines, List<Cut> cuts, Counts counts, long tokens, int stable, @Nullable Due due) {
    /**
     * @param from,to  positions in the log, first and last
     * @param messages how many messages it concerns
     * @param tokens   estimated, that it saves
     */
    public record Cut(What what, String why, long from, long to, int messages, long tokens) {}

    /** What became of them. */
    public enum What {
        LEFT_OUT, RESULTS_CLEARED, SUMMARISED, HANDED_OVER
    }

    /**
     * A note that the model should write.
     *
     * @param lines   how many lines of the past it will stand for
     * @param from,to their positions in the log, first and last
     * @param asking  what the model is sent to have it written
     */
    public record Due(Past.Kind kind, int lines, long from, long to, List<Model.Message> asking) {}

    public List<Model.Message> messages() {
        return lines.stream().map(Line::message).toList();
    }
}
