package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Begins with the newest note that stands for what came before it, and asks for another when the model's window fills.
 *
 * @param atPercent of the window
 * @param keepTurns how many of the newest turns a new note should leave verbatim; 0 for none
 * @param clearing  done to what is shown, before a note is asked for
 */
record Summing(Past.Kind kind, int atPercent, int keepTurns, @Nullable Clearing clearing) implements ContextStrategy {
    private static final int WHOLE = 100;

    @Override
    public View view(Past past) {
        var frame = new Frame(past);
        if (!past.notes().isEmpty()) {
            var note = past.notes().getLast();
            frame.startAt(note.lines(), note.asked() == past.asked().size(), Notes.shown(note),
                    note.kind() == Past.Kind.HANDOVER
                            ? unanswered(past.lines().subList(0, note.lines()))
                            : List.of(),
                    note.kind() == Past.Kind.SUMMARY ? View.What.SUMMARISED : View.What.HANDED_OVER,
                    atPercent + " % of the model's window were full");
        }
        if (clearing != null) {
            clearing.apply(frame, past, past.notes());
        }
        var view = frame.view();
        if (view.tokens() * WHOLE < past.windowTokens() * atPercent || !past.mayWrite()) {
            return view;
        }
        return new View(view.lines(), view.cuts(), view.counts(), view.tokens(), view.stable(),
                due(past, frame, view));
    }

    private View.@Nullable Due due(Past past, Frame frame, View view) {
        int lines = past.lines().size();
        if (keepTurns == 0) {
            return frame.due(kind, lines, view);
        }
        View.Due best = null;
        int turns = 0;
        // Rather fewer turns verbatim than no room.
        for (int i = lines - 1; i > 0 && turns < keepTurns; i--) {
            if (past.lines().get(i).role().equals("assistant")) {
                turns++;
                var due = frame.due(kind, i, view);
                if (due == null) {
                    break;
                }
                best = due;
            }
        }
        return best;
    }

    /** What users said after the model's last answer: a hand-over stands for everything, but not for words that wait. */
    private static List<Json> unanswered(List<Line> lines) {
        for (var line : lines.reversed()) {
            switch (line.role()) {
                case "user" -> {
                    return line.words();
                }
                case "assistant" -> {
                    return List.of();
                }
                default -> {}
            }
        }
        return List.of();
    }
}
