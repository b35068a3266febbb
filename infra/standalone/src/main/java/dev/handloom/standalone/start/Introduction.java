package dev.handloom.standalone.start;

import dev.handloom.sandbox.execute.HandSelection.Candidate;
import dev.handloom.standalone.terminal.Facts;
import java.util.stream.Collectors;

/** What a platform that has just started says of itself. */
public final class Introduction {
    private Introduction() {}

    public static void model(Platform platform, Facts facts) {
        var model = platform.model();
        if (model.startsWith("rehearsal")) {
            facts.warn("model", "rehearsal: no model is answering, a script is followed. Set ANTHROPIC_API_KEY, or "
                    + "ANTHROPIC_BASE_URL for a server of your own");
        } else {
            facts.add("model", model);
        }
    }

    /** The provider that was chosen and why, then those before it and why not. */
    public static void hands(Platform platform, Facts facts) {
        var hands = platform.hands();
        var refused = hands.candidates()
                .stream()
                .filter(candidate -> !candidate.ready())
                .map(candidate -> candidate.name() + " cannot be used: " + candidate.why())
                .collect(Collectors.joining("\n"));
        hands.candidates()
                .stream()
                .filter(Candidate::ready)
                .findFirst()
                .ifPresentOrElse(
                        chosen -> facts.add("hands", chosen.name() + ": " + chosen.why()
                                + (refused.isEmpty() ? "" : "\n" + refused)),
                        () -> facts.warn("hands", "none: every tool call will be answered with an error"
                                + (refused.isEmpty() ? "" : "\n" + refused)));
    }
}
