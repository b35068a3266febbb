package dev.handloom.standalone.api;

import com.anthropic.models.beta.sessions.events.BetaManagedAgentsEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSendSessionEvents;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserInterruptEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsUserMessageEventParams;
import com.anthropic.models.beta.sessions.events.EventSendParams;
import com.anthropic.services.blocking.beta.sessions.EventService;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One session as its client hears it. */
record Talk(EventService events, String sessionId) {
    /** Makes the rehearsal model begin an answer that never comes. */
    static final BetaManagedAgentsEventParams HANG = BetaManagedAgentsEventParams
            .ofUserMessage(message("{\"rehearse\":[{\"fault\":{\"hang\":true}}]}"));
    static final BetaManagedAgentsEventParams INTERRUPT = BetaManagedAgentsEventParams
            .ofUserInterrupt(BetaManagedAgentsUserInterruptEventParams.builder().build());

    static Talk with(Platform platform, String sessionId) {
        return new Talk(platform.sdk().beta().sessions().events(), sessionId);
    }

    static BetaManagedAgentsUserMessageEventParams message(String text) {
        return BetaManagedAgentsUserMessageEventParams.builder().addTextContent(text).build();
    }

    BetaManagedAgentsSendSessionEvents send(BetaManagedAgentsUserMessageEventParams message) {
        return send(BetaManagedAgentsEventParams.ofUserMessage(message));
    }

    BetaManagedAgentsSendSessionEvents send(BetaManagedAgentsEventParams... inputs) {
        return events.send(EventSendParams.builder().sessionId(sessionId).events(List.of(inputs)).build());
    }

    List<BetaManagedAgentsStreamSessionEvents> untilIdle(BetaManagedAgentsUserMessageEventParams message) {
        return untilIdle(BetaManagedAgentsEventParams.ofUserMessage(message));
    }

    /** Sends, and hears everything up to the session's next rest. */
    List<BetaManagedAgentsStreamSessionEvents> untilIdle(BetaManagedAgentsEventParams... inputs) {
        return until(BetaManagedAgentsStreamSessionEvents::isSessionStatusIdle, inputs);
    }

    /** Sends, and hears everything up to the first event that is the one waited for. */
    List<BetaManagedAgentsStreamSessionEvents> until(
            Predicate<BetaManagedAgentsStreamSessionEvents> last,
            BetaManagedAgentsEventParams... inputs
    ) {
        try (var stream = events.streamStreaming(sessionId)) {
            send(inputs);
            var heard = new ArrayList<BetaManagedAgentsStreamSessionEvents>();
            for (var event : stream) {
                heard.add(event);
                if (last.test(event)) {
                    return heard;
                }
            }
            throw new AssertionError("the stream ended early: " + heard);
        }
    }

    List<BetaManagedAgentsSessionEvent> history() {
        return events.list(sessionId).autoPager().stream().toList();
    }

    List<String> types() {
        return history().stream().map(event -> event.type().asString()).toList();
    }
}
