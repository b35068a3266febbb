package dev.handloom.harness.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import dev.handloom.api.session.Viewed;
import dev.handloom.harness.context.strategy.Policy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the model saw can be shown again, and whether it is the same is known. */
class PastCallsTest {
    private static final SessionId ID = new SessionId("sesn_1");
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Policy POLICY = new Policy.SlidingWindow(1, 10_000_000, true, 0);
    private static final Windows WINDOWS = new Windows(new ContextSettings(null, 200_000));

    private final RecordedLog log = new RecordedLog();
    private final Contexts contexts = new Contexts(log);
    private final PastCalls calls = new PastCalls(log, _ -> Policy.USUAL, WINDOWS);
    private int requests;

    PastCallsTest() {
        log.add(new SessionEvent.Created(ID, "sthr_1", "weaver", new Json("{\"model\":{\"id\":\"m\"}}"), "env_1", null,
                Map.of(), AT));
    }

    private void says(String text) {
        log.add(new SessionEvent.InputReceived(ID, "in", new Input.Message(content(text)), false, AT));
    }

    private static Json content(String text) {
        return new Json("[{\"type\":\"text\",\"text\":\"" + text + "\"}]");
    }

    /** As the turn does it: the view is looked at while the request is open, and recorded with its end. */
    private Viewed asks(String answer, boolean recorded) {
        var request = "req_" + ++requests;
        log.add(new SessionEvent.ModelRequestStarted(ID, request, 1, AT));
        var viewed = contexts.of(ID).look(POLICY, 1_000).viewed();
        log.add(new SessionEvent.AgentSpoke(ID, new AgentOutput.Text("msg", new Json(
                "{\"type\":\"text\",\"text\":\"" + answer + "\"}")), AT));
        end(request, recorded ? viewed : null);
        return viewed;
    }

    private void end(String request, @Nullable Viewed viewed) {
        log.add(new SessionEvent.ModelRequestEnded(ID, "end", request, false, new Tokens(40, 1, 0, 0, 0), null, AT,
                viewed));
    }

    private PastCall found(@Nullable Integer number) {
        return Objects.requireNonNull(calls.find(ID, number));
    }

    @Test
    void every_request_is_shown_as_it_was_made() {
        says("one");
        var first = asks("two", true);
        says("three");
        var second = asks("four", true);
        says("five");
        var third = asks("six", true);

        for (int i = 1; i <= 3; i++) {
            var call = found(i);
            assertThat(call.sight().viewed()).isEqualTo(call.viewed())
                    .isEqualTo(List.of(first, second, third).get(i - 1));
        }
        assertThat(third.cuts()).hasSize(1);
        var last = found(null);
        assertThat(last.number()).isEqualTo(3);
        assertThat(last.sight().view().messages().toString()).contains("one", "four", "five")
                .doesNotContain("two",
                        "three", "six");
    }

    @Test
    void another_view_than_the_recorded_one_has_another_hash() {
        says("one");
        var viewed = asks("two", true);
        var request = "req_x";
        says("three");
        log.add(new SessionEvent.ModelRequestStarted(ID, request, 1, AT));
        end(request, viewed);

        assertThat(found(2).sight().viewed().hash()).isNotEqualTo(viewed.hash());
        assertThat(found(2).viewed()).isEqualTo(viewed);
    }

    @Test
    void a_request_without_a_record_is_shown_under_the_agents_own_policy() {
        says("one");
        asks("two", false);

        var call = found(1);
        assertThat(call.viewed()).isNull();
        assertThat(call.sight().viewed().policy().text()).contains("compaction");
    }

    @Test
    void there_is_no_request_before_the_first_or_after_the_last() {
        assertThat(calls.find(ID, null)).isNull();
        says("one");
        asks("two", true);

        assertThat(calls.find(ID, 0)).isNull();
        assertThat(calls.find(ID, 2)).isNull();
        assertThat(calls.find(new SessionId("sesn_none"), null)).isNull();
    }

    @Test
    void what_a_request_took_corrects_what_the_next_is_expected_to_take() {
        says("one");
        var first = asks("two", true);
        says("three");
        var second = asks("four", true);

        assertThat(first.expected()).isEqualTo(first.tokens().total());
        assertThat(second.expected()).isEqualTo(Math.round(second.tokens().total() * Math.min(2,
                40.0 / first.tokens().total())));
    }
}
