package dev.handloom.standalone.launcher;

import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.PolicyFields;
import dev.handloom.harness.replay.Comparison;
import dev.handloom.harness.replay.Options;
import dev.handloom.harness.replay.Prices;
import dev.handloom.harness.replay.Recording;
import dev.handloom.harness.replay.Recordings;
import dev.handloom.harness.replay.Suggested;
import dev.handloom.kit.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recorded sessions in files under several context strategies, as Markdown. Needs neither a server nor a model. */
record ReplayFiles(List<Path> files, List<Policy> policies, Options options) {
    private static final Set<String> VALUED = Set.of("--strategy", "--window", "--note-tokens", "--prices");
    private static final int PRICES = 4;

    static ReplayFiles read(List<String> typed) {
        var files = new ArrayList<Path>();
        var options = new ArrayList<String>();
        for (var rest = typed.iterator(); rest.hasNext();) {
            var word = rest.next();
            if (word.startsWith("-")) {
                options.add(word);
                if (VALUED.contains(word) && rest.hasNext()) {
                    options.add(rest.next());
                }
            } else {
                files.add(path(word));
            }
        }
        if (files.isEmpty()) {
            throw new Misuse("replay needs at least one file of recorded sessions");
        }
        var given = Arguments.read(options, VALUED, Set.of());
        long window = Objects.requireNonNullElse(given.number("--window", (int) Options.WINDOW_LEAST,
                (int) Options.WINDOW_MOST), (int) Options.WINDOW_USUAL);
        int note = Objects.requireNonNullElse(given.number("--note-tokens", 1, Options.NOTE_MOST), Options.NOTE_USUAL);
        return new ReplayFiles(files, policies(given.text("--strategy"), window),
                new Options(window, note, prices(given.text("--prices"))));
    }

    private static Path path(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException _) {
            throw new Misuse("not a path: " + word);
        }
    }

    /** @param text names, separated by commas, or one policy as JSON */
    private static List<Policy> policies(@Nullable String text, long window) {
        if (text == null) {
            return Suggested.NAMES.stream().map(name -> Suggested.of(name, window)).toList();
        }
        if (text.startsWith("{")) {
            try {
                return List.of(PolicyFields.read("--strategy", text));
            } catch (Problem problem) {
                throw new Misuse(problem.getMessage());
            }
        }
        var policies = new ArrayList<Policy>();
        for (var name : text.split(",", -1)) {
            if (!Suggested.NAMES.contains(name)) {
                throw new Misuse(
                        "--strategy takes " + String.join(", ", Suggested.NAMES) + ", or a policy as JSON, not "
                                + name);
            }
            policies.add(Suggested.of(name, window));
        }
        return policies;
    }

    private static @Nullable Prices prices(@Nullable String text) {
        if (text == null) {
            return null;
        }
        var numbers = text.split(",", -1);
        if (numbers.length != PRICES
                || !List.of(numbers).stream().allMatch(one -> one.matches("\\d{1,6}(\\.\\d{1,6})?"))) {
            throw new Misuse("--prices takes four numbers, US dollars for a million tokens: input, cache read, cache "
                    + "write, output");
        }
        return new Prices(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]), Double.parseDouble(numbers[3]));
    }

    /** @throws Misuse for a file that cannot be read or replayed */
    String report() {
        var recordings = new ArrayList<Recording>();
        for (var file : files) {
            try {
                recordings.addAll(Recordings.read(Files.readString(file)));
            } catch (IOException unreadable) {
                throw new Misuse("cannot read " + file + ": " + unreadable.getMessage());
            } catch (Recordings.Unreadable unreadable) {
                throw new Misuse(file + ": " + unreadable.getMessage());
            }
        }
        return Comparison.of(recordings, policies, options).markdown();
    }
}
