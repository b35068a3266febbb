package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectsTest {
    private static final SessionId ID = new SessionId("sesn_1");
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Json NOTHING = new Json("[]");
    private static final SessionEvent STARTED = new SessionEvent.ModelRequestStarted(ID, "req", 1, AT);
    private static final SessionEvent ENDED = new SessionEvent.ModelRequestEnded(
            ID, "end", "req", false, Tokens.NONE, null, AT);

    private Effects effects = Effects.NONE;

    private Effects.Next after(SessionEvent event) {
        var next = effects.after(event);
        effects = next.effects();
        return next;
    }

    private static SessionEvent requested(ToolRunner runner, Permission permission) {
        return new SessionEvent.ToolRequested(ID,
                new AgentOutput.ToolUse("use", new Json("{}"), "t", "bash", runner, null,
                        permission, null, null),
                AT);
    }

    private static SessionEvent answered(boolean cutOff) {
        return new SessionEvent.ToolAnswered(ID, "res", "use", ToolRunner.HANDS, NOTHING, false, cutOff, AT);
    }

    @Test
    void a_model_request_is_asked_once_and_stopped_when_it_is_over() {
        assertThat(after(STARTED).start()).containsExactly(new Step.AskModel("req"));
        assertThat(after(STARTED).start()).isEmpty();
        assertThat(after(ENDED).finish()).containsExactly("req");
        assertThat(after(ENDED).finish()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HANDS,ALLOW,1", "HANDS,ASK,0", "HANDS,DENY,0", "CLIENT,ALLOW,0", "MCP,ALLOW,0"})
    void only_what_the_hands_may_run_now_is_run(ToolRunner runner, Permission permission, int steps) {
        assertThat(after(requested(runner, permission)).start()).hasSize(steps);
    }

    @Test
    void an_approved_call_is_run() {
        after(requested(ToolRunner.HANDS, Permission.ASK));
        assertThat(after(new SessionEvent.ToolApproved(ID, "use", AT)).start())
                .containsExactly(new Step.RunTool("use"));
    }

    @Test
    void a_call_that_answered_is_over_and_one_that_was_answered_for_is_cancelled() {
        after(requested(ToolRunner.HANDS, Permission.ALLOW));
        var over = effects.after(answered(false));
        assertThat(over.finish()).containsExactly("use");
        assertThat(over.start()).isEmpty();
        var cut = after(answered(true));
        assertThat(cut.finish()).containsExactly("use");
        assertThat(cut.start()).containsExactly(new Step.CancelTool("cancel:use", "use"));
        assertThat(after(answered(true)).start()).isEmpty();
    }

    @Test
    void a_retry_is_due_when_the_log_says_so() {
        assertThat(after(new SessionEvent.ModelRetryScheduled(ID, "req", 2, AT, AT)).start()).containsExactly(
                new Step.RetryModel("retry:req", "req", AT));
    }

    @Test
    void the_end_of_a_session_is_the_end_of_all_it_has_set_going() {
        after(STARTED);
        after(requested(ToolRunner.HANDS, Permission.ALLOW));
        var end = after(new SessionEvent.StatusTerminated(ID, "sevt_1", AT));
        assertThat(end.finish()).containsExactly("req", "use");
        assertThat(end.start()).containsExactly(new Step.ReleaseHand("release:sesn_1"));
        assertThat(effects).isEqualTo(Effects.NONE);
    }

    @Test
    void what_is_not_a_wake_up_sets_nothing_going() {
        var quiet = new SessionEvent.StatusRunning(ID, "sevt_1", AT);
        assertThat(Effects.wakeUps()).doesNotContain(quiet.getClass());
        assertThat(after(quiet)).isEqualTo(new Effects.Next(Effects.NONE, java.util.List.of(), java.util.List.of()));
    }
}
