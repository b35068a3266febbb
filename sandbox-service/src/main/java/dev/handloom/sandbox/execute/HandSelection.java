package dev.handloom.sandbox.execute;

import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Which provider makes the hands: the one that {@code handloom.hands.provider} names, or with {@code auto} the first that
 * can work here. A plain process is no sandbox and is never chosen.
 */
@Component
public class HandSelection {
    private static final Logger log = LoggerFactory.getLogger(HandSelection.class);

    /** What one provider said of itself. */
    public record Candidate(String name, boolean ready, String why) {}

    private final List<Candidate> candidates = new ArrayList<>();
    private final Optional<HandProvider> chosen;

    HandSelection(ObjectProvider<HandProvider> providers, HandsSettings settings) {
        var wanted = settings.provider();
        this.chosen = providers.stream()
                .filter(provider -> wanted.equals("auto") || wanted.equals(provider.name()))
                .sorted(Comparator.comparingInt(provider -> HandsSettings.PROVIDERS.indexOf(provider.name())))
                .filter(this::ready)
                .findFirst();
        candidates.forEach(candidate -> log.info("hands: {} {}: {}", candidate.name(),
                candidate.ready() ? "is ready" : "is not ready", candidate.why()));
    }

    private boolean ready(HandProvider provider) {
        var probe = provider.probe();
        candidates.add(new Candidate(provider.name(), probe.ready(), probe.why()));
        return probe.ready();
    }

    /** Empty when no provider can work here; then every tool call is answered with the reasons. */
    public Optional<HandProvider> chosen() {
        return chosen;
    }

    /** Those that were asked, in order; the last one is the chosen one if any was ready. */
    public List<Candidate> candidates() {
        return List.copyOf(candidates);
    }
}
