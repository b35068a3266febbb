package dev.handloom.sandbox.execute;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which session has which hand. One is made at the session's first tool call and kept until the session is over. */
@Component
class Roster implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Roster.class);
    private static final Duration DESTROY_WITHIN = Duration.ofSeconds(20);

    /** @param fresh the session had another hand before, and what was in that one is lost */
    record Held(Hand hand, boolean fresh) {}

    /** One session's place. The lock lets parallel first calls make one hand, not several. */
    private static final class Place {
        private final ReentrantLock making = new ReentrantLock();
        private volatile @Nullable Hand hand;
        private volatile boolean released;
    }

    private final HandSelection selection;
    private final JdbcClient state;
    private final Map<SessionId, Place> places = new ConcurrentHashMap<>();
    private volatile boolean running;

    Roster(HandSelection selection, DataSource stateDataSource) {
        this.selection = selection;
        this.state = JdbcClient.create(stateDataSource);
        state.sql("create table if not exists hand (session_id text primary key, provider text not null)").update();
    }

    /**
     * The session's hand, made if there is none.
     *
     * @throws HandDied when none can be made; the message says why
     */
    Held hand(Recipe recipe) throws HandDied, InterruptedException {
        var place = places.computeIfAbsent(recipe.session(), _ -> new Place());
        var hand = place.hand;
        if (hand != null && hand.alive()) {
            return new Held(hand, false);
        }
        place.making.lockInterruptibly();
        try {
            hand = place.hand;
            if (hand != null && hand.alive()) {
                return new Held(hand, false);
            }
            if (place.released) {
                throw new HandDied("the session is over");
            }
            var made = provision(recipe);
            place.hand = made.hand();
            return made;
        } finally {
            place.making.unlock();
        }
    }

    private Held provision(Recipe recipe) throws HandDied, InterruptedException {
        var provider = selection.chosen()
                .orElseThrow(() -> new HandDied(
                        "no kind of sandbox works on this machine: " + selection.candidates()
                                .stream()
                                .map(candidate -> candidate.name() + ": " + candidate.why())
                                .collect(Collectors.joining("; "))));
        boolean fresh = state.sql("select count(*) from hand where session_id = ?")
                .param(recipe.session().value())
                .query(Integer.class)
                .single() > 0;
        var hand = provider.provision(recipe);
        state.sql("insert or replace into hand values (?,?)")
                .params(recipe.session().value(), provider.name())
                .update();
        return new Held(hand, fresh);
    }

    /** The session's hand if it is there and alive. */
    Optional<Hand> existing(SessionId session) {
        var place = places.get(session);
        return place == null ? Optional.empty() : Optional.ofNullable(place.hand).filter(Hand::alive);
    }

    void release(SessionId session) {
        var place = places.remove(session);
        state.sql("delete from hand where session_id = ?").param(session.value()).update();
        if (place == null) {
            return;
        }
        place.released = true;
        place.making.lock();
        try {
            var hand = place.hand;
            if (hand != null) {
                hand.destroy(DESTROY_WITHIN);
            }
        } finally {
            place.making.unlock();
        }
    }

    /** Takes over the hands that a former process left alive, before any call comes. */
    @Override
    public void start() {
        running = true;
        if (selection.chosen().isEmpty()) {
            return;
        }
        for (var hand : selection.chosen().get().adopt()) {
            boolean known = state.sql("select count(*) from hand where session_id = ?")
                    .param(hand.session().value())
                    .query(Integer.class)
                    .single() > 0;
            if (known) {
                log.info("hand of {} adopted", hand.session());
                places.computeIfAbsent(hand.session(), _ -> new Place()).hand = hand;
            } else {
                log.info("hand of {} destroyed, because no session here has it", hand.session());
                hand.destroy(DESTROY_WITHIN);
            }
        }
    }

    /** Hands outlive this process, so that the next one can adopt them. */
    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the harness begins to send calls. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }
}
