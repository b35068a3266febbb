package dev.handloom.harness.context.strategy;

import java.util.List;

/**
 * All that was said so far, up to a request that is about to be made.
 *
 * @param lines        user first, then roles in turn; every tool call is answered
 * @param asked        every request that was made, the one to be made last
 * @param notes        what the model wrote to stand for the lines before it, oldest first
 * @param failed       after how many requests writing a note last failed; 0 if it never did
 * @param windowTokens how many tokens the model can be given
 */
public record Past(
        Prelude prelude,
        List<Line> lines,
        List<Asked> asked,
        List<Note> notes,
        int failed,
        long windowTokens
) {
    /** After a note could not be written, so many requests are made before it is tried again. */
    static final int REQUESTS_BETWEEN_TRIES = 5;
    static final int REQUESTS_BETWEEN_NOTES = 3;

    /**
     * @param lines      how many of the lines there were
     * @param correction real tokens for one estimated, as the request before it had shown
     */
    public record Asked(int lines, double correction) {}

    /**
     * @param lines how many lines it stands for, from the first on
     * @param asked how many requests had been made or begun
     */
    public record Note(Kind kind, int lines, int asked, String text) {}

    /** Why a note was written. */
    public enum Kind {
        SUMMARY, HANDOVER
    }

    double correction() {
        return asked.isEmpty() ? 1 : asked.getLast().correction();
    }

    /** Two notes have some requests between them: when one was no help, another at once would not be. */
    boolean mayWrite() {
        boolean written = !notes.isEmpty() && asked.size() - notes.getLast().asked() < REQUESTS_BETWEEN_NOTES;
        return !written && (failed == 0 || asked.size() - failed > REQUESTS_BETWEEN_TRIES);
    }
}
