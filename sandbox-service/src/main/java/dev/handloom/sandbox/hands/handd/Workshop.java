package dev.handloom.sandbox.hands.handd;

import dev.handloom.kit.Ids;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import dev.handloom.sandbox.hands.HandsSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and adopts the hands of one provider, which only has to say how a sandbox is started and found again. */
public final class Workshop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Workshop.class);
    private static final Duration READY_WITHIN = Duration.ofSeconds(20);
    private static final Duration ADOPTED_WITHIN = Duration.ofSeconds(5);
    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    /** Starts a sandbox. */
    public interface Starter {
        /**
         * @param nonce what handd's {@code HANDD_NONCE} must be
         * @throws HandDied when it cannot be started; nothing of it may be left then
         */
        Started start(HandFolder folder, String nonce) throws HandDied, IOException, InterruptedException;
    }

    /** @param name with which another process finds the sandbox again */
    public record Started(Sandbox sandbox, String name) {}

    private final String provider;
    private final HandFolders folders;
    private final HandsSettings settings;
    private final Clock clock;
    private final Set<HanddHand> hands = ConcurrentHashMap.newKeySet();

    public Workshop(String provider, HandFolders folders, HandsSettings settings, Clock clock) {
        this.provider = provider;
        this.folders = folders;
        this.settings = settings;
        this.clock = clock;
    }

    public Hand provision(Recipe recipe, Starter starter) throws HandDied, InterruptedException {
        var card = new Card(provider, recipe.session(), Ids.next("nonce_"), null);
        try {
            var folder = folders.make(card);
            try {
                return provision(card, folder, starter);
            } catch (IOException | HandDied | InterruptedException | RuntimeException failed) {
                folder.delete();
                throw failed;
            }
        } catch (IOException broken) {
            throw new HandDied("the hand's directory cannot be made: " + broken);
        }
    }

    private Hand provision(Card card, HandFolder folder, Starter starter)
            throws HandDied, IOException, InterruptedException {
        var line = folder.listen(card);
        HanddHand hand = null;
        try {
            var started = starter.start(folder, card.nonce());
            hand = hand(card, folder, line, started.sandbox());
            folder.write(card.running(started.name()));
            hand.ready(READY_WITHIN);
            return hand;
        } catch (IOException | HandDied | InterruptedException | RuntimeException failed) {
            line.close();
            if (hand != null) {
                hand.destroy(END_WITHIN);
            }
            throw failed;
        }
    }

    private HanddHand hand(Card card, HandFolder folder, Line line, Sandbox sandbox) {
        var hand = new HanddHand(card.session(), settings, Patience.USUAL, folder, line, sandbox, hands::remove);
        hands.add(hand);
        return hand;
    }

    /** Whether an earlier process left anything of this provider's, so that it is worth looking for what runs. */
    public boolean hasLeftovers() throws IOException {
        for (var folder : folders.all()) {
            if (folder.card().filter(card -> card.provider().equals(provider)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes over what an earlier process left alive and removes what it left dead.
     *
     * @param find the sandbox of that name, if it runs
     */
    public List<Hand> adopt(BiFunction<String, HandFolder, Optional<? extends Sandbox>> find) throws IOException {
        var adopted = new ArrayList<HanddHand>();
        for (var folder : folders.all()) {
            var card = folder.card().orElse(null);
            if (card == null) {
                folder.delete();
            } else if (card.provider().equals(provider)) {
                try {
                    adopt(folder, card, find).ifPresent(adopted::add);
                } catch (IOException | RuntimeException failed) {
                    log.warn("the hand in {} could not be adopted: {}", folder.id(), failed.toString());
                }
            }
        }
        // One wait for all: each dials as soon as its socket is there.
        long until = System.nanoTime() + ADOPTED_WITHIN.toNanos();
        return List.copyOf(adopted.stream().filter(hand -> called(hand, until)).toList());
    }

    private Optional<HanddHand> adopt(
            HandFolder folder,
            Card card,
            BiFunction<String, HandFolder, Optional<? extends Sandbox>> find
    )
            throws IOException {
        var name = card.sandbox();
        if (name == null) {
            removeUnfinished(folder);
            return Optional.empty();
        }
        var sandbox = find.apply(name, folder).orElse(null);
        if (sandbox == null) {
            log.info("a hand of {} has ended", card.session());
            folder.delete();
            return Optional.empty();
        }
        return Optional.of(hand(card, folder, folder.listen(card), sandbox));
    }

    /** Whether it ever ran is unknown. If it did, it has ended by itself after the orphan time-out. */
    private void removeUnfinished(HandFolder folder) {
        if (clock.millis() - folder.writtenAt() > settings.orphanTimeout().multipliedBy(2).toMillis()) {
            folder.delete();
        }
    }

    private static boolean called(HanddHand hand, long until) {
        try {
            hand.ready(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            return true;
        } catch (HandDied silent) {
            log.warn("a hand of {} could not be adopted: {}", hand.session(), silent.getMessage());
            hand.destroy(END_WITHIN);
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Closes the lines to the hands, which live on for the next process. */
    @Override
    public void close() {
        hands.forEach(HanddHand::leave);
    }
}
