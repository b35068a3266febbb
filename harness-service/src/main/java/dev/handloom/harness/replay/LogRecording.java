package dev.handloom.harness.replay;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.context.Transcript;
import dev.handloom.harness.context.strategy.Line;
import dev.handloom.harness.replay.Recording.Billed;
import dev.handloom.harness.replay.Recording.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log of one of our own sessions. Notes that were written in it are not taken over: each strategy has its own. */
public final class LogRecording {
    private LogRecording() {}

    /** @param events of one session, from its first on */
    public static Recording of(List<SessionEvent> events) {
        var transcript = new Transcript();
        var calls = new ArrayList<Call>();
        var asked = new HashMap<String, Call>();
        long position = 0;
        for (var event : events) {
            transcript.add(new SessionLog.Entry(++position, event));
            if (event instanceof SessionEvent.ModelRequestStarted started) {
                asked.put(started.id(), new Call(transcript.lines().size(), started.at(), null));
            } else if (event instanceof SessionEvent.ModelRequestEnded ended && !ended.isError()) {
                var call = asked.remove(ended.requestId());
                if (call != null && call.lines() > 0) {
                    calls.add(new Call(call.lines(), call.at(), billed(ended)));
                }
            }
        }
        List<Line> lines = transcript.lines();
        return new Recording(events.getFirst().sessionId().value(), transcript.agent().prelude(), lines, calls, null);
    }

    private static @Nullable Billed billed(SessionEvent.ModelRequestEnded ended) {
        var tokens = ended.tokens();
        long input = tokens.input() + tokens.cacheRead() + tokens.cacheWritten5m() + tokens.cacheWritten1h();
        return input == 0 ? null : new Billed(input, tokens.cacheRead(), tokens.output());
    }
}
