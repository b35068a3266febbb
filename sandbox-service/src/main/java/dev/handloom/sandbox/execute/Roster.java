package dev.handloom.sandbox.execute;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which session has which hand. One is made at the session's first tool call and kept until the session is over. Making
 * goes on by itself: whoever waits for it may be interrupted, and the hand is there for the next call.
 */
@Component
class Roster implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Roster.class);
    private static final Duration DESTROY_WITHIN = Duration.ofSeconds(20);
    /** Hands at once, made or being made. */
    private static final int HANDS_MAX = 500;
    /** Hands being made at once: more than two gain little on two cores (measured with Docker). */
    private static final int MAKING_MAX = Math.max(2, Runtime.getRuntime().availableProcessors());
    /** Sessions remembered to be over, in case a call of theirs comes late. */
    private static final int OVER_MAX = 10_000;

    /** @param fresh the session had another hand before, and what was in that one is lost */
    record Held(Hand hand, boolean fresh) {}

    private final HandSelection selection;
    private final JdbcClient state;
    private final Map<SessionId, Place> places = new ConcurrentHashMap<>();
    private final Recent<SessionId> over = new Recent<>(OVER_MAX);
    private final Semaphore makers = new Semaphore(MAKING_MAX);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("hand-", 0).factory());
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
        if (over.has(recipe.session())) {
            places.remove(recipe.session(), place);
            throw new HandDied("the session is over");
        }
        var making = place.making(() -> begin(recipe, place)).orElseThrow(() -> new HandDied("the session is over"));
        try {
            var hand = making.hand().get();
            return new Held(hand, making.fresh().getAndSet(false));
        } catch (ExecutionException failed) {
            var why = failed.getCause();
            throw new HandDied(why == null ? "unknown" : String.valueOf(why.getMessage()));
        }
    }

    private Place.Making begin(Recipe recipe, Place place) {
        var making = new Place.Making(new CompletableFuture<>(), new AtomicBoolean());
        threads.execute(() -> {
            try {
                making.hand().complete(made(recipe, place, making.fresh()));
            } catch (HandDied | RuntimeException | InterruptedException failed) {
                making.hand().completeExceptionally(failed);
            }
        });
        return making;
    }

    private Hand made(Recipe recipe, Place place, AtomicBoolean fresh) throws HandDied, InterruptedException {
        var provider = selection.chosen()
                .orElseThrow(() -> new HandDied(
                        "no kind of sandbox works on this machine: " + selection.whyNone()));
        if (places.values().stream().filter(Place::taken).count() > HANDS_MAX) {
            throw new HandDied("there are " + HANDS_MAX + " sandboxes already; those of other sessions must end first");
        }
        makers.acquire();
        try {
            fresh.set(known(recipe.session()));
            var hand = provider.provision(recipe);
            place.unlessReleased(() -> state.sql("insert or replace into hand values (?,?)")
                    .params(recipe.session().value(), provider.name())
                    .update());
            return hand;
        } finally {
            makers.release();
        }
    }

    private boolean known(SessionId session) {
        return state.sql("select count(*) from hand where session_id = ?")
                .param(session.value())
                .query(Integer.class)
                .single() > 0;
    }

    /** The session's hand if it is there and alive. */
    Optional<Hand> existing(SessionId session) {
        return Optional.ofNullable(places.get(session)).flatMap(Place::alive);
    }

    /** Returns when it is certain that the session has no hand after a restart either; the hand goes in its own time. */
    void release(SessionId session) {
        over.add(session);
        var place = places.remove(session);
        var making = Optional.ofNullable(place).flatMap(Place::release);
        state.sql("delete from hand where session_id = ?").param(session.value()).update();
        making.ifPresent(last -> threads.execute(() -> destroy(last)));
    }

    private static void destroy(Place.Making making) {
        try {
            making.hand().join().destroy(DESTROY_WITHIN);
        } catch (CompletionException neverMade) {
            // Nothing is left of it.
        }
    }

    /** Takes over the hands that a former process left alive, before any call comes, whichever provider made them. */
    @Override
    public void start() {
        running = true;
        for (var provider : selection.all()) {
            for (var hand : provider.adopt()) {
                if (known(hand.session())) {
                    log.info("hand of {} adopted", hand.session());
                    places.computeIfAbsent(hand.session(), _ -> new Place()).making(() -> Place.Making.done(hand));
                } else {
                    log.info("hand of {} destroyed, because no session here has it", hand.session());
                    threads.execute(() -> hand.destroy(DESTROY_WITHIN));
                }
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
