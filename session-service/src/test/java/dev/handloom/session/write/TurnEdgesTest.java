package dev.handloom.session.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where two rules of the turn meet. */
class TurnEdgesTest extends LivedSession {
    private static final Input SYSTEM = new Input.SystemMessage(TEXT);
    private static final Input MESSAGE = new Input.Message(TEXT);
    private static final Input INTERRUPT = new Input.Interrupt(null);

    private List<String> taken() {
        return log.stream()
                .filter(SessionEvent.InputTaken.class::isInstance)
                .map(event -> ((SessionEvent.InputTaken) event).id())
                .toList();
    }

    private List<String> received() {
        return log.stream()
                .filter(SessionEvent.InputReceived.class::isInstance)
                .map(event -> ((SessionEvent.InputReceived) event).id())
                .toList();
    }

    @Test
    void a_system_message_that_came_alone_does_not_make_the_turn_longer() {
        message();
        assertThat(send(SYSTEM)).containsExactly("InputReceived");
        assertThat(answer(text())).endsWith("ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(state().turn().queue()).hasSize(1);
        assertThat(message()).containsExactly(
                "StatusRunning", "ThreadRunning", "InputReceived", "InputTaken", "ModelRequestStarted");
    }

    @Test
    void a_system_message_that_waits_goes_with_the_turns_next_request() {
        message();
        send(SYSTEM);
        answer(tool("a", Permission.ALLOW));
        assertThat(toolAnswers("a")).containsExactly("ToolAnswered", "InputTaken", "ModelRequestStarted");
    }

    @Test
    void after_an_interrupt_the_queue_and_what_follows_it_in_the_request_are_one_turn_in_order() {
        message();
        message();
        assertThat(send(INTERRUPT, MESSAGE)).containsExactly(
                "ModelRequestEnded", "InputReceived", "ThreadIdle", "UsageReported", "StatusIdle",
                "InputReceived", "StatusRunning", "ThreadRunning", "InputTaken", "InputTaken", "ModelRequestStarted");
        assertThat(taken()).containsExactly(received().get(1), received().get(3));
    }

    @Test
    void a_second_interrupt_of_the_request_does_not_kill_the_turn_that_the_first_made_way_for() {
        message();
        message();
        assertThat(send(INTERRUPT, INTERRUPT)).endsWith(
                "StatusIdle", "InputReceived", "StatusRunning", "ThreadRunning", "InputTaken", "ModelRequestStarted");
    }

    @Test
    void a_message_that_comes_with_the_last_answer_stands_behind_those_that_wait() {
        message();
        answer(tool("t", Permission.ALLOW), custom("c"));
        message();
        toolAnswers("t");
        send(result("c"), MESSAGE);
        assertThat(taken()).hasSize(2);
        assertThat(state().turn().request()).isNotNull();
    }

    @Test
    void an_interrupt_before_anything_was_asked_of_the_model_still_ends_the_turn() {
        assertThat(send(MESSAGE, INTERRUPT)).containsExactly(
                "StatusRunning", "ThreadRunning", "InputReceived", "InputReceived", "ThreadIdle", "UsageReported",
                "StatusIdle");
    }

    @Test
    void an_interrupt_ends_a_wait_and_the_retry_that_comes_later_adds_nothing() {
        message();
        var failed = request();
        fail(new Verdict.Retry(Duration.ofSeconds(30)));
        assertThat(send(INTERRUPT)).containsExactly("InputReceived", "ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(act(draft -> new BrainRules(draft).retryModel(failed))).isEmpty();
    }

    @Test
    void an_interrupt_of_a_session_at_rest_is_kept_and_changes_nothing() {
        assertThat(send(INTERRUPT)).containsExactly("InputReceived");
        message();
        answer(text());
        assertThat(send(INTERRUPT)).containsExactly("InputReceived");
    }

    @Test
    void an_interrupt_may_name_the_primary_thread_and_no_other() {
        message();
        assertThatThrownBy(() -> send(new Input.Interrupt("sthr_2"))).hasMessageContaining("UnknownThread");
        assertThat(send(new Input.Interrupt("sthr_1"))).contains("StatusIdle");
    }

    @Test
    void nothing_of_a_request_is_taken_when_its_last_event_is_refused() {
        message();
        answer(custom("c"));
        int before = log.size();
        assertThatThrownBy(() -> send(INTERRUPT, result("nothing"))).isInstanceOf(Refused.class);
        assertThat(log).hasSize(before);
        assertThat(state().turn().idsWaitingForClient()).containsExactly("c");
    }

    @Test
    void only_a_call_that_asks_takes_a_confirmation() {
        message();
        answer(tool("a", Permission.ALLOW), tool("d", Permission.DENY), tool("q", Permission.ASK), custom("c"));
        assertThatThrownBy(() -> send(allow("a"))).hasMessageContaining("needs no confirmation");
        assertThatThrownBy(() -> send(allow("d"))).hasMessageContaining("needs no confirmation");
        toolAnswers("a");
        assertThatThrownBy(() -> send(allow("a"))).hasMessageContaining("needs no confirmation");
        send(result("c"));
        assertThatThrownBy(() -> send(allow("c"))).hasMessageContaining("NotWaitingForConfirmation");
        assertThatThrownBy(() -> send(result("a"))).hasMessageContaining("runs on the server");
    }

    @Test
    void a_repeated_answer_has_no_effect_before_and_after_the_call_is_over() {
        message();
        answer(tool("q", Permission.ASK), custom("c"));
        send(allow("q"));
        assertThat(send(allow("q"))).isEmpty();
        send(result("c"));
        assertThat(send(allow("q"), result("c"))).isEmpty();
        toolAnswers("q");
        assertThat(send(allow("q"), result("c"))).isEmpty();
    }

    @Test
    void archiving_lets_nothing_wait_for_ever() {
        send(SYSTEM);
        assertThat(act(draft -> new ClientRules(draft).archive())).containsExactly(
                "Archived", "InputTaken", "StatusTerminated");
    }

    @Test
    void tokens_of_a_request_that_was_cut_off_are_counted_when_they_become_known() {
        message();
        var cut = request();
        send(INTERRUPT);
        assertThat(act(draft -> new BrainRules(draft).modelFailed(new SessionCommand.RecordModelFailure(
                ID, cut, "model_request_failed_error", "cut off", TEN, new Verdict.GiveUp())))).containsExactly(
                        "TokensSpent");
        assertThat(state().tokens()).isEqualTo(TEN);
    }

    @Test
    void an_answer_that_comes_after_the_interrupt_is_not_told_but_its_tokens_are_counted() {
        message();
        var cut = request();
        send(INTERRUPT);
        assertThat(act(draft -> new BrainRules(draft).modelAnswered(new SessionCommand.RecordModelAnswer(
                ID, cut, List.of(text()), TEN, null, new ModelStop(ModelStop.Kind.END, null))))).containsExactly(
                        "TokensSpent");
        assertThat(act(draft -> new BrainRules(draft).modelAnswered(new SessionCommand.RecordModelAnswer(
                ID, cut, List.of(text()), Tokens.NONE, null, new ModelStop(ModelStop.Kind.END, null))))).isEmpty();
    }

    @Test
    void a_refusal_answers_the_calls_that_came_with_it() {
        message();
        assertThat(act(draft -> new BrainRules(draft).modelAnswered(new SessionCommand.RecordModelAnswer(
                ID, request(), List.of(tool("a", Permission.ALLOW)), TEN, null,
                new ModelStop(ModelStop.Kind.REFUSAL, new Json("{\"category\":\"cyber\"}")))))).containsExactly(
                        "ToolRequested", "ModelRequestEnded", "ToolAnswered", "ThreadIdle", "UsageReported",
                        "StatusIdle");
        assertThat(state().stopReason()).isInstanceOf(StopReason.Refused.class);
    }

    @Test
    void a_tool_that_answers_while_the_client_owes_others_brings_the_session_to_rest() {
        message();
        assertThat(answer(tool("t", Permission.ALLOW), custom("c"))).endsWith("ModelRequestEnded");
        assertThat(toolAnswers("t")).containsExactly("ToolAnswered", "ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(state().stopReason()).isEqualTo(new StopReason.RequiresAction(List.of("c")));
    }

    @Test
    void an_early_answer_is_taken_while_a_tool_still_runs() {
        message();
        answer(tool("t", Permission.ALLOW), custom("c"));
        assertThat(send(result("c"))).containsExactly("InputReceived");
        assertThat(toolAnswers("t")).containsExactly("ToolAnswered", "ModelRequestStarted");
    }

    @Test
    void a_request_that_would_overfill_the_queue_is_refused_whole() {
        message();
        for (int i = 0; i < ClientRules.QUEUE_MAX - 1; i++) {
            message();
        }
        int before = log.size();
        assertThatThrownBy(() -> send(MESSAGE, MESSAGE)).hasMessageContaining("QueueFull");
        assertThat(log).hasSize(before);
        assertThat(send(MESSAGE)).containsExactly("InputReceived");
    }

    @Test
    void a_hundred_messages_at_once_to_a_session_at_rest_are_one_turn() {
        var messages = new Input[ClientRules.QUEUE_MAX];
        java.util.Arrays.fill(messages, MESSAGE);
        assertThat(send(messages)).hasSize(ClientRules.QUEUE_MAX + 3).endsWith("ModelRequestStarted");
    }
}
