package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands before the messages of every request: tools and system prompt. */
public final class Prelude {
    private final Counts counts;
    private final byte[] digest;

    private Prelude(Counts counts, byte[] digest) {
        this.counts = counts;
        this.digest = digest;
    }

    /** @param system an array of text blocks, or null */
    public static Prelude of(List<Json> tools, @Nullable Json system) {
        var texts = new ArrayList<String>();
        tools.forEach(tool -> texts.add(tool.text()));
        long toolTokens = texts.stream().mapToLong(TokenEstimate::of).sum();
        texts.add(system == null ? "" : system.text());
        return new Prelude(new Counts(toolTokens, system == null ? 0 : TokenEstimate.of(system.text()), 0, 0, 0, 0),
                ViewHash.ofTexts(texts));
    }

    public Counts counts() {
        return counts;
    }

    byte[] digest() {
        return digest;
    }
}
