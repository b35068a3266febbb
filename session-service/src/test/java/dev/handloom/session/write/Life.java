package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One session under the rules alone: its log, and the state folded from it as the aggregate would hold it. */
final class Life {
    static final SessionId ID = new SessionId("sesn_life");

    private final List<SessionEvent> log = new ArrayList<>();
    private @Nullable SessionState state;
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private int ids;

    Life() {
        act(draft -> new ClientRules(draft).create(new SessionCommand.Create(
                ID, "sthr_life", "weaver", new Json("{}"), "env_1", null, Map.of(), List.of(), null)));
    }

    /** Lets a rule add to the log. A refused rule adds nothing. */
    Optional<Refusal> act(Consumer<Draft> rule) {
        if (state != null && state.deleted()) {
            return Optional.of(new Refusal.NoSuchSession(ID)); // As the aggregate does, before any rule.
        }
        var draft = new Draft(state, () -> nextId("sevt_"), now);
        try {
            rule.accept(draft);
        } catch (Refused refused) {
            return refused.getDetails();
        }
        for (var event : draft.events()) {
            state = SessionState.fold(state, event);
            log.add(event);
        }
        return Optional.empty();
    }

    void client(Consumer<ClientRules> rule) {
        act(draft -> rule.accept(new ClientRules(draft)));
    }

    void brain(Consumer<BrainRules> rule) {
        act(draft -> rule.accept(new BrainRules(draft)));
    }

    /** The clock goes on, or is set back when the duration is negative. */
    void pass(Duration time) {
        now = now.plus(time);
    }

    String nextId(String prefix) {
        return prefix + ++ids;
    }

    SessionState state() {
        return Objects.requireNonNull(state);
    }

    /** Goes on from another copy of the same state, as after a restart. */
    void resume(SessionState copy) {
        state = copy;
    }

    Turn turn() {
        return state().turn();
    }

    List<SessionEvent> log() {
        return log;
    }
}
