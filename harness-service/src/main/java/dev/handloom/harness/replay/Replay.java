package dev.handloom.harness.replay;

import dev.handloom.harness.context.strategy.ContextStrategy;
import dev.handloom.harness.context.strategy.Line;
import dev.handloom.harness.context.strategy.Past;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One recorded session under one strategy, request by request, without a model: the answers are the recorded ones. Where
 * a strategy would have the model write a note, one of a stated length stands in, which says nothing.
 */
final class Replay {
    private static final double CORRECTION_LEAST = 0.5;
    private static final double CORRECTION_MOST = 2;

    private final Recording recording;
    private final ContextStrategy strategy;
    private final Options options;
    private final Words words;
    private final Cache cache = new Cache();
    private final List<Past.Asked> asked = new ArrayList<>();
    private final List<Past.Note> notes = new ArrayList<>();
    private final List<Long> inputs = new ArrayList<>();
    private long output;
    private long noteInputs;
    private int prefixChanges;
    private int needles;
    private int kept;
    private long nanos;
    private List<Line> before = List.of();

    Replay(Recording recording, Policy policy, Options options, Words words) {
        this.recording = recording;
        this.strategy = ContextStrategy.of(policy);
        this.options = options;
        this.words = words;
    }

    Outcome run() {
        double correction = 1;
        for (var call : recording.calls()) {
            asked.add(new Past.Asked(call.lines(), correction));
            ask(call, correction);
            correction = corrected(call, correction);
        }
        var prices = options.prices() == null ? recording.prices() : options.prices();
        return new Outcome(recording.id(), inputs, cache.read, cache.written, cache.plain, output, notes.size(),
                noteInputs, prefixChanges, needles, kept, nanos,
                prices == null ? null : prices.of(cache.plain, cache.read, cache.written, output));
    }

    private void ask(Recording.Call call, double correction) {
        var view = view(call);
        var due = view.due();
        if (due != null) {
            long tokens = Math.round(correction * (recording.prelude().counts().total() + due.asking()
                    .stream()
                    .mapToLong(message -> Line.of(message, 0, 0).tokens())
                    .sum()));
            cache.note(view.lines().subList(0, Math.min(view.lines().size(), due.asking().size() - 1)), tokens, call,
                    correction);
            noteInputs += tokens;
            output += options.noteTokens();
            notes.add(new Past.Note(due.kind(), due.lines(), asked.size(), options.note()));
            view = view(call);
        }
        inputs.add(view.tokens());
        cache.request(view.lines(), view.tokens(), call, correction);
        prefixChanges += !before.isEmpty() && common(before, view.lines()) < before.size() ? 1 : 0;
        before = view.lines();
        answer(call, view);
    }

    private View view(Recording.Call call) {
        var past = new Past(recording.prelude(), recording.lines().subList(0, call.lines()), asked, notes, 0,
                options.windowTokens());
        long began = System.nanoTime();
        var view = strategy.view(past);
        nanos += System.nanoTime() - began;
        return view;
    }

    private void answer(Recording.Call call, View view) {
        var answer = call.lines() < recording.lines().size() ? recording.lines().get(call.lines()) : null;
        var billed = call.billed();
        if (billed != null) {
            output += billed.output();
        } else if (answer != null) {
            output += answer.tokens();
        }
        if (answer != null && answer.role().equals("assistant")) {
            var wanted = words.needles(answer, recording.lines().subList(0, call.lines()));
            needles += wanted.size();
            kept += (int) wanted.stream().filter(word -> words.shows(view.lines(), word)).count();
        }
    }

    /** Real tokens for one estimated, as the recorded request shows; it was given everything. */
    private double corrected(Recording.Call call, double known) {
        var billed = call.billed();
        return billed == null
                ? known
                : Math.clamp((double) billed.input() / estimate(recording, call), CORRECTION_LEAST, CORRECTION_MOST);
    }

    static long estimate(Recording recording, Recording.Call call) {
        return recording.prelude().counts().total()
                + recording.lines().subList(0, call.lines()).stream().mapToLong(Line::tokens).sum();
    }

    static int common(List<Line> one, List<Line> other) {
        int most = Math.min(one.size(), other.size());
        int same = 0;
        while (same < most && one.get(same).same(other.get(same))) {
            same++;
        }
        return same;
    }

    /** A prompt cache with marks at the end of each request: what the last one ended with can be read for five minutes. */
    private final class Cache {
        private List<Line> held = List.of();
        private @Nullable Instant usedAt;
        private boolean filled;
        private long read;
        private long written;
        private long plain;

        void request(List<Line> lines, long tokens, Recording.Call call, double correction) {
            ask(lines, tokens, call, correction);
            held = lines;
        }

        /** Its messages are those of the request before, as far as they are to be summed up. */
        void note(List<Line> lines, long tokens, Recording.Call call, double correction) {
            ask(lines, tokens, call, correction);
        }

        private void ask(List<Line> lines, long tokens, Recording.Call call, double correction) {
            long hit = 0;
            if (filled && fresh(call)) {
                long same = recording.prelude().counts().total();
                for (var line : lines.subList(0, common(held, lines))) {
                    same += line.tokens();
                }
                hit = Math.min(tokens, Math.round(same * correction));
            }
            if (hit < options.cacheLeastTokens()) {
                hit = 0;
            }
            read += hit;
            if (tokens < options.cacheLeastTokens()) {
                plain += tokens - hit;
            } else {
                written += tokens - hit;
                filled = true;
            }
            usedAt = call.at();
        }

        private boolean fresh(Recording.Call call) {
            return usedAt == null || call.at() == null
                    || !call.at().isAfter(usedAt.plus(options.cacheFor()));
        }
    }
}
