package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import dev.handloom.harness.context.strategy.View.Cut;
import dev.handloom.harness.context.strategy.View.Due;
import dev.handloom.harness.context.strategy.View.What;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A view being put together. What the system said is never cut. */
final class Frame {
    private final Past past;
    private final List<Cut> cuts = new ArrayList<>();
    private final List<Line> head = new ArrayList<>();
    private int start;
    private int clearedTo;
    /** The first line that the request before was not shown as it is now. */
    private int firstChanged;

    private boolean headChanged;

    Frame(Past past) {
        this.past = past;
        var asked = past.asked();
        firstChanged = asked.size() > 1 ? asked.get(asked.size() - 2).lines() : 0;
    }

    /**
     * Shows no lines before this one, which is an answer of the model or the end.
     *
     * @param now  whether that is so for the first time
     * @param note what stands there instead
     * @param kept what users said there and is shown all the same
     */
    Frame startAt(int line, boolean now, String note, List<Json> kept, What what, String why) {
        var left = past.lines().subList(0, line);
        start = line;
        headChanged = now;
        head.add(Line.note(note, kept, left.getFirst().from(), left.getLast().to()));
        var system = left.stream()
                .filter(said -> said.role().equals("system"))
                .flatMap(said -> said.message().content().stream())
                .toList();
        if (!system.isEmpty()) {
            head.add(Line.of(new Model.Message("system", system), left.getFirst().from(), left.getLast().to()));
        }
        long saved = left.stream().mapToLong(Line::tokens).sum() - head.stream().mapToLong(Line::tokens).sum();
        cuts.add(new Cut(what, why, left.getFirst().from(), left.getLast().to(), left.size(), Math.max(0, saved)));
        return this;
    }

    /** Empties the tool results before this line; those before {@code before} were empty already. */
    Frame clear(int to, int before, String why) {
        long saved = 0;
        int messages = 0;
        for (int i = start; i < to; i++) {
            var line = past.lines().get(i);
            if (line.cleared() != line) {
                saved += line.tokens() - line.cleared().tokens();
                messages++;
                firstChanged = i >= before ? Math.min(firstChanged, i) : firstChanged;
            }
        }
        if (messages > 0) {
            clearedTo = to;
            cuts.add(new Cut(What.RESULTS_CLEARED, why, past.lines().get(start).from(), past.lines().get(to - 1).to(),
                    messages, saved));
        }
        return this;
    }

    View view() {
        var lines = lines(past.lines().size());
        var counts = past.prelude().counts();
        for (var line : lines) {
            counts = counts.plus(line.counts());
        }
        int stable = headChanged ? 0 : Math.min(lines.size(), head.size() + Math.max(0, firstChanged - start));
        return new View(lines, cuts, counts, Math.round(counts.total() * past.correction()), stable, null);
    }

    /** As they are shown, up to a line of the past. */
    private List<Line> lines(int end) {
        var lines = new ArrayList<Line>(head.size() + end - start);
        lines.addAll(head);
        for (int i = start; i < end; i++) {
            var line = past.lines().get(i);
            var shown = i < clearedTo ? line.cleared() : line;
            if (i == start && !head.isEmpty() && shown.role().equals(head.getLast().role())) {
                var both = new ArrayList<>(lines.removeLast().message().content());
                both.addAll(shown.message().content());
                shown = Line.of(new Model.Message(shown.role(), both), line.from(), line.to());
            }
            lines.add(shown);
        }
        return lines;
    }

    /** The note that could stand for all lines before this one, or null where it would not save a quarter of the view. */
    @Nullable
    Due due(Past.Kind kind, int line, View view) {
        if (line <= start) {
            return null;
        }
        var told = lines(line);
        long saved = told.stream().mapToLong(Line::tokens).sum();
        var cut = past.lines();
        return saved * 4 < view.counts().total()
                ? null
                : new Due(kind, line, cut.getFirst().from(),
                        cut.get(line - 1).to(), Notes.asking(kind, told));
    }
}
