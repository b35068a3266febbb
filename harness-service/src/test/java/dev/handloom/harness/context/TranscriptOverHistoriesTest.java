package dev.handloom.harness.context;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.History;
import dev.handloom.harness.context.strategy.Policy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whenever the model is asked, it can be given what it is to read: the rules of the Messages API hold. */
class TranscriptOverHistoriesTest {
    private static final long WINDOW = 1_000;
    private static final List<Policy> POLICIES = List.of(new Policy.Full(), new Policy.SlidingWindow(2, 500, true, 25),
            new Policy.ClearToolResults(100, 1, 10), Policy.USUAL, new Policy.ResetWithHandover(10));

    static List<History> histories() {
        return History.recorded();
    }

    @ParameterizedTest
    @MethodSource("histories")
    void every_request_is_valid(History history) {
        var transcript = new Transcript();
        long position = 0;
        for (var event : history.events()) {
            transcript.add(new SessionLog.Entry(++position, event));
            if (event instanceof SessionEvent.ModelRequestStarted) {
                Validity.assertValid(transcript.messages());
                for (var policy : POLICIES) {
                    Validity.assertValid(transcript.look(policy, WINDOW).view().messages());
                }
            }
        }
    }
}
