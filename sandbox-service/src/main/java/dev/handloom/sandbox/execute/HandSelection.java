package dev.handloom.sandbox.execute;

import dev.handloom.sandbox.hands.HandProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Which provider makes the hands: the one that {@code handloom.hands.provider} names, or with {@code auto} the first that
 * can work here. A plain process is no sandbox and is never chosen.
 */
@Component
public class HandSelection {
    private static final Logger log = LoggerFactory.getLogger(HandSelection.class);
    private static final List<String> ORDER = List.of("docker", "bubblewrap", "jvm");

    /** What one provider said of itself. */
    public record Candidate(String name, boolean ready, String why) {}

    private final List<Candidate> candidates = new ArrayList<>();
    private final Optional<HandProvider> chosen;

    HandSelection(ObjectProvider<HandProvider> providers, @Value("${handloom.hands.provider:auto}") String wanted) {
        if (wanted.equals("unsafe-local")) {
            throw new IllegalArgumentException(
                    "handloom.hands.provider: unsafe-local is not built; use docker, bubblewrap, jvm or auto");
        }
        if (!wanted.equals("auto") && !ORDER.contains(wanted)) {
            throw new IllegalArgumentException(
                    "handloom.hands.provider must be auto, docker, bubblewrap or jvm, not " + wanted);
        }
        this.chosen = providers.stream()
                .filter(provider -> wanted.equals("auto") || wanted.equals(provider.name()))
                .sorted(Comparator.comparingInt(provider -> ORDER.indexOf(provider.name())))
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
