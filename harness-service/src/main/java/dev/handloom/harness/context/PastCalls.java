package dev.handloom.harness.context;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.context.strategy.PolicyFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Works out again from the log what the model was shown. Reads the whole log: for people who ask, not for the turn. */
@Component
public class PastCalls {
    private final SessionLog log;
    private final Policies policies;
    private final Windows windows;

    public PastCalls(SessionLog log, Policies policies, Windows windows) {
        this.log = log;
        this.policies = policies;
        this.windows = windows;
    }

    /**
     * A request that the session made.
     *
     * @param number from 1; null for the last one
     * @return null when there is no such request
     */
    public @Nullable PastCall find(SessionId session, @Nullable Integer number) {
        var entries = read(session);
        var asked = new ArrayList<SessionLog.Entry>();
        var ends = new HashMap<String, SessionLog.Entry>();
        for (var entry : entries) {
            if (entry.event() instanceof SessionEvent.ModelRequestStarted) {
                asked.add(entry);
            } else if (entry.event() instanceof SessionEvent.ModelRequestEnded ended) {
                ends.put(ended.requestId(), entry);
            }
        }
        int wanted = number == null ? asked.size() : number;
        if (wanted < 1 || wanted > asked.size()) {
            return null;
        }
        var start = asked.get(wanted - 1);
        var started = (SessionEvent.ModelRequestStarted) start.event();
        var end = ends.get(started.id());
        var transcript = new Transcript();
        // While a request is open, nothing but its own notes can change what it is shown.
        long last = end == null ? entries.getLast().position() : end.position() - 1;
        entries.stream().takeWhile(entry -> entry.position() <= last).forEach(transcript::add);
        var agent = transcript.agent();
        var viewed = end == null ? null : ((SessionEvent.ModelRequestEnded) end.event()).viewed();
        var policy = viewed == null ? policies.of(agent) : PolicyFields.read("policy", viewed.policy().text());
        return new PastCall(wanted, asked.size(), started.id(), start.position(), started.at(), agent, viewed,
                transcript.look(policy, windows.of(agent.modelId())));
    }

    private List<SessionLog.Entry> read(SessionId session) {
        var entries = new ArrayList<SessionLog.Entry>();
        int read;
        do {
            var slice = log.slice(session, entries.size() + 1L, SessionLog.SLICE_MAX);
            entries.addAll(slice);
            read = slice.size();
        } while (read == SessionLog.SLICE_MAX);
        return entries;
    }
}
