package dev.handloom.harness.context;

import dev.handloom.api.session.Viewed;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.PolicyFields;
import dev.handloom.harness.context.strategy.View;
import java.util.Locale;

/**
 * A view about to be sent, and what the log keeps of it.
 *
 * @param viewed enough to show the same view again, and to know that it is the same
 */
public record Sight(View view, Viewed viewed) {
    static Sight of(Policy policy, View view, String hash) {
        var counts = view.counts();
        return new Sight(view, new Viewed(PolicyFields.write(policy), hash, view.lines().size(),
                new Viewed.Estimate(counts.tools(), counts.system(), counts.user(), counts.assistant(),
                        counts.results(), counts.notes()),
                view.tokens(),
                view.cuts()
                        .stream()
                        .map(cut -> new Viewed.Cut(cut.what().name().toLowerCase(Locale.ROOT), cut.why(), cut.from(),
                                cut.to(), cut.messages(), cut.tokens()))
                        .toList()));
    }
}
