package dev.handloom.session.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import dev.handloom.session.write.SessionState.Status;
import java.util.stream.LongStream;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Goal: no order of what clients, models and hands do breaks a session. Method: for each seed a few hundred moves, most
 * of them sensible, many not; after them the invariants of the log must hold, and the session must come to rest once
 * everybody does what is owed.
 */
class RandomLivesTest {
    private static final int MOVES = 250;
    private static final int FINISHING_MOVES_MAX = 2000;
    private static final Serializer SERIALIZER = Jackson3Serializer.builder().build();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_invariants_of_the_log_hold_and_the_session_comes_to_rest(long seed) {
        var life = new Life();
        var player = new Player(seed, life);
        for (int i = 0; i < MOVES; i++) {
            player.move();
            statusSaysWhoGoesOn(life.state());
        }
        LogInvariants.hold(life.log());
        player.finish(FINISHING_MOVES_MAX);
        LogInvariants.hold(life.log());
        if (life.state().deleted()) {
            return;
        }
        assertThat(life.state().status()).isIn(Status.IDLE, Status.TERMINATED);
        assertThat(life.turn().settled()).isTrue();
        assertThat(life.turn().queue()).noneMatch(Turn.Queued::startsTurn);
    }

    /** Between commands the status tells whether the platform, the client or nobody has something to do. */
    private static void statusSaysWhoGoesOn(SessionState state) {
        if (state.deleted()) {
            return;
        }
        if (state.turn().waitsForClient()) {
            assertThat(state.status()).isEqualTo(Status.IDLE);
            assertThat(state.stopReason())
                    .isEqualTo(new StopReason.RequiresAction(state.turn().idsWaitingForClient()));
        } else if (state.turn().settled()) {
            assertThat(state.status()).isIn(Status.IDLE, Status.TERMINATED);
        } else {
            assertThat(state.status()).isIn(Status.RUNNING, Status.RESCHEDULING);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void the_state_is_what_the_log_folds_to_and_survives_being_a_snapshot(long seed) {
        var life = new Life();
        var player = new Player(seed, life);
        for (int i = 0; i < MOVES; i++) {
            if (i % 20 == 0) {
                life.resume(copy(life.state()));
            }
            player.move();
        }
        assertThat(life.state()).isEqualTo(folded(life));
        assertThat(life.state().position()).isEqualTo(life.log().size());
        assertThat(life.turn().answered().size()).isLessThanOrEqualTo(Turn.ANSWERED_MAX);
    }

    private static SessionState copy(SessionState state) {
        return SERIALIZER.deserialize(SERIALIZER.serialize(state, byte[].class));
    }

    private static @Nullable SessionState folded(Life life) {
        SessionState state = null;
        for (SessionEvent event : life.log()) {
            state = SessionState.fold(state, event);
        }
        return state;
    }
}
