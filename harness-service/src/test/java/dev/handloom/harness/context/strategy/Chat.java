package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A conversation that grows, and what a strategy is told of it whenever the model is asked. */
final class Chat {
    static final Prelude PRELUDE = Prelude.of(List.of(new Json("{\"name\":\"bash\"}")),
            new Json("[{\"type\":\"text\",\"text\":\"Weave.\"}]"));

    private final List<Line> lines = new ArrayList<>();
    private final List<Past.Asked> asked = new ArrayList<>();
    private final List<Past.Note> notes = new ArrayList<>();
    private final long windowTokens;
    private final ViewHash hash = new ViewHash();
    private int calls;
    private int failed;

    Chat(long windowTokens) {
        this.windowTokens = windowTokens;
    }

    Chat add(String role, String... blocks) {
        lines.add(Line.of(new Model.Message(role, Arrays.stream(blocks).map(Json::new).toList()),
                lines.size() + 1, lines.size() + 1));
        return this;
    }

    Chat says(String text) {
        return add("user", text(text));
    }

    Chat answers(String text) {
        return add("assistant", text(text));
    }

    /** The model calls a tool and is answered. */
    Chat call(String result) {
        ask();
        var id = "t" + ++calls;
        return add("assistant", use(id)).add("user", result(id, result));
    }

    Past ask() {
        asked.add(new Past.Asked(lines.size(), 1));
        return past();
    }

    Past past() {
        return new Past(PRELUDE, List.copyOf(lines), List.copyOf(asked), List.copyOf(notes), failed, windowTokens);
    }

    List<Line> lines() {
        return lines;
    }

    void note(View.Due due, String text) {
        notes.add(new Past.Note(due.kind(), due.lines(), asked.size(), text));
    }

    void fail() {
        failed = asked.size();
    }

    String hash(View view) {
        return hash.of(view.lines(), PRELUDE);
    }

    static String text(String text) {
        return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
    }

    static String use(String id) {
        return "{\"type\":\"tool_use\",\"id\":\"" + id + "\",\"name\":\"bash\",\"input\":{\"command\":\"ls\"}}";
    }

    static String result(String id, String text) {
        return "{\"type\":\"tool_result\",\"tool_use_id\":\"" + id + "\",\"content\":[" + text(text) + "]}";
    }

    /** Something more is said, or called and answered, and the model is to be asked next. */
    void goOn(RandomGenerator dice) {
        if (!lines.isEmpty()) {
            var uses = new ArrayList<String>();
            var results = new ArrayList<String>();
            for (int i = dice.nextInt(4); i > 0; i--) {
                var id = "t" + ++calls;
                uses.add(use(id));
                results.add(result(id, "r".repeat(dice.nextInt(3_000))));
            }
            uses.addFirst(text("a".repeat(1 + dice.nextInt(300))));
            add("assistant", uses.toArray(String[]::new));
            if (results.isEmpty() || dice.nextInt(4) == 0) {
                results.add(text("u".repeat(1 + dice.nextInt(500))));
            }
            add("user", results.toArray(String[]::new));
        } else {
            says("task");
        }
        if (dice.nextInt(6) == 0) {
            add("system", text("s".repeat(1 + dice.nextInt(50))));
        }
    }
}
