package dev.handloom.harness.context.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.kit.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFieldsTest {
    static List<Policy> policies() {
        return EveryViewIsValidTest.POLICIES;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void a_policy_is_read_as_it_was_written(Policy policy) {
        var text = PolicyFields.write(policy).text();
        assertThat(PolicyFields.read("p", text)).isEqualTo(policy);
        assertThat(text).hasSizeLessThan(512);
    }

    @Test
    void what_is_left_out_has_its_default() {
        assertThat(PolicyFields.read("p", "{\"strategy\":\"compaction\"}")).isEqualTo(Policy.USUAL);
        assertThat(PolicyFields.read("p", "{\"strategy\":\"sliding-window\",\"tokens_max\":5000}")).isEqualTo(
                new Policy.SlidingWindow(10_000, 5_000, true, 25));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense                                           | p: is not JSON
            []                                                 | p: must be a JSON object with a strategy
            {}                                                 | p.strategy: is required
            {"strategy":"clever"}                              | p.strategy: must be one of
            {"strategy":"full","turns_max":3}                  | p.turns_max: is not a known field
            {"strategy":"compaction","at_percent":96}          | p.at_percent: must be 10 to 95
            {"strategy":"compaction","at_percent":"75"}        | p.at_percent: must be a whole number
            {"strategy":"reset-with-handover","keep_turns":2}  | p.keep_turns: is not a known field
            {"strategy":"sliding-window","turns_max":0}        | p.turns_max: must be 1 to 10000
            {"strategy":"clear-tool-results","threshold_tokens":999} | p.threshold_tokens: must be 1000 to
            """)
    void what_is_no_policy_is_refused_by_the_field_that_is_wrong(String text, String complaint) {
        assertThatThrownBy(() -> PolicyFields.read("p", text)).isInstanceOf(Problem.class)
                .hasMessageStartingWith(
                        complaint);
    }
}
