package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One message of a conversation, with what a strategy needs to know of it. Never changes; what is costly is worked out
 * once.
 */
public final class Line {
    private static final String RESULT = "{\"type\":\"tool_result\"";
    private static final String CLEARED = "[cleared: an old tool result; call the tool again if it is needed]";
    private static final int SHOWN_CHARS_MAX = 200;

    private final Model.Message message;
    private final long from;
    private final long to;
    private final Counts counts;
    private final long tokens;
    private final byte[] digest;
    private @Nullable Line cleared;

    private Line(Model.Message message, long from, long to, Counts counts) {
        this.message = message;
        this.from = from;
        this.to = to;
        this.counts = counts;
        this.tokens = counts.total();
        this.digest = ViewHash.of(message);
    }

    /** @param from,to the positions in the log that it came from, first and last */
    public static Line of(Model.Message message, long from, long to) {
        long said = 0;
        long results = 0;
        for (var block : message.content()) {
            if (isResult(block)) {
                results += TokenEstimate.of(block.text());
            } else {
                said += TokenEstimate.of(block.text());
            }
        }
        return new Line(message, from, to, switch (message.role()) {
            case "assistant" -> new Counts(0, 0, 0, said, 0, 0);
            case "system" -> new Counts(0, said, 0, 0, 0, 0);
            default -> new Counts(0, 0, said, 0, results, 0);
        });
    }

    /** A user's message that is the platform's: a note, and what users said that stays in view. */
    static Line note(String text, List<Json> kept, long from, long to) {
        var note = new Json("{\"type\":\"text\",\"text\":" + JsonMapper.shared().writeValueAsString(text) + "}");
        var content = new ArrayList<Json>();
        content.add(note);
        content.addAll(kept);
        long said = kept.stream().mapToLong(block -> TokenEstimate.of(block.text())).sum();
        return new Line(new Model.Message("user", content), from, to,
                new Counts(0, 0, said, 0, 0, TokenEstimate.of(note.text())));
    }

    static boolean isResult(Json block) {
        return block.text().startsWith(RESULT);
    }

    public Model.Message message() {
        return message;
    }

    public String role() {
        return message.role();
    }

    public long from() {
        return from;
    }

    public long to() {
        return to;
    }

    public Counts counts() {
        return counts;
    }

    public long tokens() {
        return tokens;
    }

    byte[] digest() {
        return digest;
    }

    /** Whether both say the same, byte for byte. */
    public boolean same(Line other) {
        return this == other || Arrays.equals(digest, other.digest);
    }

    boolean hasResults() {
        return counts.results() > 0;
    }

    List<Json> words() {
        return message.content().stream().filter(block -> !isResult(block)).toList();
    }

    /** The same message with its tool results emptied; itself where that would not make it shorter. */
    Line cleared() {
        if (cleared == null) {
            var content = message.content().stream().map(Line::cleared).toList();
            var shorter = of(new Model.Message(message.role(), content), from, to);
            cleared = shorter.tokens < tokens ? shorter : this;
        }
        return cleared;
    }

    private static Json cleared(Json block) {
        if (!isResult(block) || block.text().length() <= SHOWN_CHARS_MAX) {
            return block;
        }
        var result = Written.members(block.text());
        result.put("content", JsonMapper.shared().writeValueAsString(CLEARED));
        return new Json(Written.object(result));
    }
}
