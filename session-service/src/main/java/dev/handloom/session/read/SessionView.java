package dev.handloom.session.read;

import dev.handloom.kit.http.ExactJson;
import dev.handloom.session.write.SessionState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A session and its primary thread as the API shows them (contract/resources.md §3, §4). */
@Component
public class SessionView {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Clock clock;

    SessionView(Clock clock) {
        this.clock = clock;
    }

    public ObjectNode session(SessionState state) {
        var now = clock.instant();
        var session = JSON.createObjectNode()
                .put("id", state.id().value())
                .put("type", "session")
                .put("status", status(state))
                .put("title", state.title());
        session.set("agent", ExactJson.read(state.agent()));
        session.put("environment_id", state.environmentId());
        session.putArray("resources");
        session.putArray("vault_ids");
        session.putNull("budget");
        session.set("metadata", JSON.valueToTree(state.metadata()));
        session.set("usage", EventView.usage(state.tokens(), seconds(state.activeAt(now))));
        session.set("stats", stats(state, now));
        session.putArray("outcome_evaluations");
        session.putNull("deployment_id");
        return times(session, state);
    }

    public ObjectNode primaryThread(SessionState state) {
        var now = clock.instant();
        var thread = JSON.createObjectNode()
                .put("id", state.threadId())
                .put("type", "session_thread")
                .put("session_id", state.id().value())
                .putNull("parent_thread_id")
                .putNull("workflow_run_id")
                .put("status", status(state));
        var agent = (ObjectNode) ExactJson.read(state.agent());
        agent.remove("multiagent");
        thread.set("agent", agent);
        if (state.stopReason() == null && state.tokens().equals(dev.handloom.api.session.Tokens.NONE)) {
            thread.putNull("usage");
        } else {
            thread.set("usage", EventView.usage(state.tokens(), seconds(state.activeAt(now))));
        }
        thread.set("stats", stats(state, now).put("startup_seconds", 0.0));
        return times(thread, state);
    }

    public static String status(SessionState state) {
        return state.status().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode stats(SessionState state, Instant now) {
        var end = state.status() == SessionState.Status.TERMINATED ? state.updatedAt() : now;
        return JSON.createObjectNode()
                .put("active_seconds", seconds(state.activeAt(now)))
                .put("duration_seconds", seconds(Duration.between(state.createdAt(), end)));
    }

    private static ObjectNode times(ObjectNode object, SessionState state) {
        object.put("created_at", state.createdAt().toString()).put("updated_at", state.updatedAt().toString());
        return state.archivedAt() == null
                ? object.putNull("archived_at")
                : object.put("archived_at", state.archivedAt().toString());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
