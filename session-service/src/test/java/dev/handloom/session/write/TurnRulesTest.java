package dev.handloom.session.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.Policy;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules on their own. */
class TurnRulesTest extends LivedSession {
    @Test
    void a_plain_turn_runs_and_rests_in_the_contracts_order() {
        assertThat(message()).containsExactly("StatusRunning", "ThreadRunning", "InputReceived", "ModelRequestStarted");
        assertThat(answer(text())).containsExactly(
                "AgentSpoke", "ModelRequestEnded", "ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(state().stopReason()).isEqualTo(new StopReason.EndTurn());
        assertThat(state().tokens()).isEqualTo(TEN);
    }

    @Test
    void the_model_is_asked_again_only_when_the_last_open_tool_has_answered() {
        message();
        assertThat(answer(tool("a", Permission.ALLOW), tool("b", Permission.ALLOW))).containsExactly(
                "ToolRequested", "ToolRequested", "ModelRequestEnded");
        assertThat(toolAnswers("b")).containsExactly("ToolAnswered");
        assertThat(toolAnswers("b")).isEmpty();
        assertThat(toolAnswers("a")).containsExactly("ToolAnswered", "ModelRequestStarted");
    }

    @Test
    void a_tool_starts_once_and_a_second_start_is_told_apart_from_a_finished_call() {
        message();
        answer(tool("a", Permission.ALLOW));
        assertThat(startTool("a")).isEqualTo(ToolStart.GO);
        assertThat(startTool("a")).isEqualTo(ToolStart.STARTED_BEFORE);
        toolAnswers("a");
        assertThat(startTool("a")).isEqualTo(ToolStart.DONE);
    }

    @Test
    void custom_tools_rest_the_session_and_partial_answers_name_the_remainder() {
        message();
        assertThat(answer(custom("c1"), custom("c2"))).endsWith("ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(state().stopReason()).isEqualTo(new StopReason.RequiresAction(List.of("c1", "c2")));
        assertThat(send(result("c1"))).containsExactly("InputReceived", "UsageReported", "StatusIdle");
        assertThat(state().stopReason()).isEqualTo(new StopReason.RequiresAction(List.of("c2")));
        assertThat(send(result("c2"))).containsExactly(
                "InputReceived", "StatusRunning", "ThreadRunning", "ModelRequestStarted");
        assertThat(send(result("c2"))).isEmpty();
    }

    @Test
    void a_message_is_refused_while_the_client_owes_an_answer() {
        message();
        answer(custom("c1"));
        assertThatThrownBy(this::message).isInstanceOf(Refused.class).hasMessageContaining("ActionRequired");
    }

    @Test
    void an_answer_to_no_call_is_refused_and_an_answer_of_the_wrong_kind_too() {
        message();
        answer(tool("t", Permission.ASK), custom("c"));
        assertThatThrownBy(() -> send(result("nothing"))).hasMessageContaining("UnknownToolUse");
        assertThatThrownBy(() -> send(result("t"))).hasMessageContaining("user.tool_confirmation");
        assertThatThrownBy(() -> send(allow("c"))).hasMessageContaining("NotWaitingForConfirmation");
    }

    @Test
    void an_allowed_call_runs_after_the_last_question_is_answered_in_the_order_of_the_answers() {
        message();
        answer(tool("a", Permission.ASK), tool("b", Permission.ASK));
        assertThat(send(allow("b"))).containsExactly("InputReceived", "UsageReported", "StatusIdle");
        assertThat(startTool("b")).isEqualTo(ToolStart.DONE);
        assertThat(send(allow("a"))).containsExactly(
                "InputReceived", "StatusRunning", "ThreadRunning", "ToolApproved", "ToolApproved");
        assertThat(log.subList(log.size() - 2, log.size()))
                .extracting(event -> ((SessionEvent.ToolApproved) event).toolUseId())
                .containsExactly("b", "a");
        assertThat(startTool("a")).isEqualTo(ToolStart.GO);
    }

    @Test
    void a_denied_call_is_answered_with_the_clients_words_and_the_turn_goes_on() {
        message();
        answer(tool("a", Permission.ASK));
        assertThat(send(new Input.ToolConfirmation("a", false, "too dangerous"))).containsExactly(
                "InputReceived", "StatusRunning", "ThreadRunning", "ToolAnswered", "ModelRequestStarted");
        var answered = (SessionEvent.ToolAnswered) log.get(log.size() - 2);
        assertThat(answered.content().text()).contains("too dangerous");
        assertThat(answered.isError()).isTrue();
    }

    @Test
    void a_refused_tool_is_answered_at_once_and_the_model_told() {
        message();
        assertThat(answer(tool("x", Permission.DENY))).containsExactly(
                "ToolRequested", "ModelRequestEnded", "ToolAnswered", "ModelRequestStarted");
    }

    @Test
    void an_interrupt_cuts_off_the_request_before_queued_messages_begin_the_next_turn() {
        message();
        assertThat(message()).containsExactly("InputReceived");
        assertThat(send(new Input.Interrupt(null))).containsExactly(
                "ModelRequestEnded", "InputReceived", "ThreadIdle", "UsageReported", "StatusIdle",
                "StatusRunning", "ThreadRunning", "InputTaken", "ModelRequestStarted");
    }

    @Test
    void an_interrupt_answers_every_open_call_and_a_late_result_adds_nothing() {
        message();
        answer(tool("a", Permission.ALLOW), custom("c"));
        startTool("a");
        assertThat(send(new Input.Interrupt(null))).containsExactly(
                "ToolAnswered", "ToolAnswered", "InputReceived", "ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(toolAnswers("a")).isEmpty();
        assertThat(state().turn().settled()).isTrue();
    }

    @Test
    void an_interrupt_and_a_message_in_one_request_begin_a_new_turn() {
        message();
        assertThat(send(new Input.Interrupt(null), new Input.Message(TEXT))).endsWith(
                "StatusIdle", "StatusRunning", "ThreadRunning", "InputReceived", "ModelRequestStarted");
    }

    @Test
    void a_queued_message_joins_the_next_request_of_the_turn() {
        message();
        message();
        assertThat(answer(text())).endsWith("InputTaken", "ModelRequestStarted");
    }

    @Test
    void a_short_retry_stays_running_and_a_long_one_is_shown_as_rescheduling() {
        message();
        var first = request();
        assertThat(fail(new Verdict.Retry(Duration.ofSeconds(1)))).containsExactly(
                "ModelRequestEnded", "Errored", "ModelRetryScheduled");
        act(draft -> new BrainRules(draft).retryModel(first));
        assertThat(state().turn().attempt()).isEqualTo(2);
        var second = request();
        assertThat(fail(new Verdict.Retry(Duration.ofSeconds(30)))).contains("ThreadRescheduled", "StatusRescheduled");
        assertThat(state().status()).isEqualTo(SessionState.Status.RESCHEDULING);
        assertThat(act(draft -> new BrainRules(draft).retryModel(second))).containsExactly(
                "StatusRunning", "ThreadRunning", "ModelRequestStarted");
        assertThat(act(draft -> new BrainRules(draft).retryModel(second))).isEmpty();
    }

    @Test
    void giving_up_flushes_the_queue_and_the_session_stays_usable() {
        message();
        message();
        assertThat(fail(new Verdict.GiveUp())).containsExactly(
                "ModelRequestEnded", "Errored", "InputTaken", "ThreadIdle", "UsageReported", "StatusIdle");
        assertThat(state().stopReason()).isEqualTo(new StopReason.RetriesExhausted());
        assertThat(message()).contains("ModelRequestStarted");
    }

    @Test
    void nothing_is_added_to_a_terminated_session() {
        message();
        fail(new Verdict.Terminate());
        assertThat(state().status()).isEqualTo(SessionState.Status.TERMINATED);
        assertThatThrownBy(this::message).hasMessageContaining("SessionTerminated");
        assertThat(act(draft -> new ClientRules(draft).archive())).containsExactly("Archived");
    }

    @Test
    void a_running_session_can_be_neither_archived_nor_deleted() {
        message();
        assertThatThrownBy(() -> act(draft -> new ClientRules(draft).archive()))
                .extracting(refused -> ((Refused) refused).getDetails().orElseThrow())
                .isEqualTo(new Refusal.SessionRunning(ID, "be archived"));
        assertThatThrownBy(() -> act(draft -> new ClientRules(draft).delete())).isInstanceOf(Refused.class);
    }

    @Test
    void the_queue_has_an_end() {
        message();
        for (int i = 0; i < ClientRules.QUEUE_MAX; i++) {
            message();
        }
        assertThatThrownBy(this::message).hasMessageContaining("QueueFull");
    }

    @Test
    void a_turn_that_never_ends_is_ended() {
        message();
        for (int i = 1; i < Draft.TURN_REQUESTS_MAX; i++) {
            answer(tool("x", Permission.DENY));
        }
        answer(tool("x", Permission.DENY));
        assertThat(state().stopReason()).isEqualTo(new StopReason.RetriesExhausted());
        assertThat(log).anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(SessionEvent.Errored.class,
                error -> assertThat(error.error()).isEqualTo("tool_use_limit_reached_error")));
    }

    @Test
    void time_in_the_log_never_runs_backwards() {
        message();
        now = now.minusSeconds(3600);
        answer(text());
        assertThat(log).isSortedAccordingTo((one, other) -> one.at().compareTo(other.at()));
    }
}
