package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RetryPolicyTest {
    private final RetryPolicy policy = new RetryPolicy();

    private Verdict after(Model.Kind kind, int attempt, @Nullable Duration asked) {
        return policy.after(new Model.Failed(kind, "x", Tokens.NONE, asked), attempt).verdict();
    }

    @Test
    void waits_grow_from_half_a_second_to_half_a_minute() {
        for (int attempt = 1; attempt < RetryPolicy.ATTEMPTS_MAX; attempt++) {
            var usual = Duration.ofMillis(500L << (attempt - 1));
            assertThat(after(Model.Kind.OVERLOADED, attempt, null)).isInstanceOfSatisfying(Verdict.Retry.class,
                    retry -> assertThat(retry.after()).isBetween(usual.multipliedBy(3).dividedBy(4),
                            usual.multipliedBy(5).dividedBy(4)));
        }
    }

    @Test
    void what_the_server_asks_for_is_done_unless_it_is_too_long() {
        assertThat(after(Model.Kind.RATE_LIMITED, 1, Duration.ZERO)).isEqualTo(new Verdict.Retry(Duration.ZERO));
        assertThat(after(Model.Kind.RATE_LIMITED, 1, Duration.ofMinutes(2))).isEqualTo(
                new Verdict.Retry(Duration.ofMinutes(2)));
        assertThat(after(Model.Kind.RATE_LIMITED, 1, Duration.ofMinutes(2).plusMillis(1))).isEqualTo(
                new Verdict.GiveUp());
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "OVERLOADED", "UNAVAILABLE", "UNKNOWN"})
    void the_fifth_attempt_is_the_last(Model.Kind kind) {
        assertThat(after(kind, 4, null)).isInstanceOf(Verdict.Retry.class);
        assertThat(after(kind, 5, Duration.ZERO)).isEqualTo(new Verdict.GiveUp());
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "UNAUTHORIZED", "BILLING"})
    void what_would_fail_again_is_not_repeated(Model.Kind kind) {
        assertThat(after(kind, 1, Duration.ZERO)).isEqualTo(new Verdict.GiveUp());
    }

    @ParameterizedTest
    @CsvSource({"RATE_LIMITED,model_rate_limited_error", "OVERLOADED,model_overloaded_error",
        "UNAVAILABLE,model_request_failed_error", "REJECTED,model_request_failed_error",
        "UNAUTHORIZED,model_request_failed_error", "BILLING,billing_error", "UNKNOWN,unknown_error"})
    void each_kind_has_its_name_in_the_contract(Model.Kind kind, String error) {
        assertThat(policy.after(new Model.Failed(kind, "x", Tokens.NONE, null), 1).error()).isEqualTo(error);
    }
}
