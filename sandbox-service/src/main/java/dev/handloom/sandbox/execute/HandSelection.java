package dev.handloom.sandbox.execute;

import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Which provider makes the hands: the one that {@code handloom.hands.provider} names, or with {@code auto} the first that
 * can work here. A plain process is no sandbox and is never chosen. Once chosen it stays; while none can work, they are
 * asked again, so that an image built meanwhile is enough.
 */
@Component
public class HandSelection {
    private static final Logger log = LoggerFactory.getLogger(HandSelection.class);
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

    /** What one provider said of itself. */
    public record Candidate(String name, boolean ready, String why) {}

    private final List<HandProvider> all;
    private final String wanted;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<HandProvider> chosen = Optional.empty();
    private List<Candidate> candidates = List.of();
    private Instant askAgainAt = Instant.MIN;

    HandSelection(ObjectProvider<HandProvider> providers, HandsSettings settings, Clock clock) {
        this.all = providers.stream()
                .sorted(Comparator.comparingInt(provider -> HandsSettings.PROVIDERS.indexOf(provider.name())))
                .toList();
        this.wanted = settings.provider();
        this.clock = clock;
        // An engine can take a second to answer; nobody need wait for that before the first tool call.
        Thread.ofVirtual().name("hand-selection").start(this::chosen);
    }

    /** Empty when no provider can work here; then every tool call is answered with the reasons. */
    public Optional<HandProvider> chosen() {
        lock.lock();
        try {
            if (chosen.isEmpty() && clock.instant().isAfter(askAgainAt)) {
                choose();
            }
            return chosen;
        } finally {
            lock.unlock();
        }
    }

    /** Those that were asked, in order; the last one is the chosen one if any was ready. */
    public List<Candidate> candidates() {
        lock.lock();
        try {
            var _ = chosen();
            return candidates;
        } finally {
            lock.unlock();
        }
    }

    /** Every provider of this build, asked or not: any of them may have hands from earlier. */
    List<HandProvider> all() {
        return all;
    }

    /** In words, for whoever gets no hand. */
    String whyNone() {
        var asked = candidates();
        return asked.isEmpty()
                ? "this build has no provider named " + wanted
                : asked.stream()
                        .map(candidate -> candidate.name() + ": " + candidate.why())
                        .collect(Collectors.joining("; "));
    }

    private void choose() {
        var asked = new ArrayList<Candidate>();
        for (var provider : all) {
            if (chosen.isEmpty() && (wanted.equals("auto") || wanted.equals(provider.name()))) {
                var probe = provider.probe();
                asked.add(new Candidate(provider.name(), probe.ready(), probe.why()));
                chosen = probe.ready() ? Optional.of(provider) : Optional.empty();
            }
        }
        askAgainAt = clock.instant().plus(ASK_AGAIN_AFTER);
        if (!asked.equals(candidates)) {
            asked.forEach(candidate -> log.info("hands: {} {}: {}", candidate.name(),
                    candidate.ready() ? "is ready" : "is not ready", candidate.why()));
        }
        candidates = List.copyOf(asked);
    }
}
