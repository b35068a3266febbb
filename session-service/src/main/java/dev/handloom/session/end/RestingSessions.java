package dev.handloom.session.end;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.CaughtUp;
import dev.handloom.kit.log.ProcessingGroupSpec;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Since when each session rests; rebuilt from the log at any time. */
@Component
@ProcessingGroup(RestingSessions.GROUP)
class RestingSessions {
    static final String GROUP = "resting-sessions";
    private static final int BATCH = 200;

    private final JdbcClient state;
    private final CaughtUp caughtUp;

    RestingSessions(DataSource stateDataSource, CaughtUp caughtUp) {
        this.state = JdbcClient.create(stateDataSource);
        this.caughtUp = caughtUp;
        state.sql("""
                create table if not exists resting_session (
                  id text primary key, agent_id text not null, since integer)""").update();
        state.sql("create index if not exists resting_by_agent on resting_session (agent_id, since)").update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec restingSessionsGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(SessionEvent.Created.class, SessionEvent.StatusRunning.class,
                    SessionEvent.StatusIdle.class, SessionEvent.StatusRescheduled.class,
                    SessionEvent.StatusTerminated.class, SessionEvent.Deleted.class), BATCH);
        }
    }

    @EventHandler
    void on(SessionEvent.Created created) {
        var agent = JsonMapper.shared().readTree(created.agent().text());
        state.sql("insert or ignore into resting_session values (?,?,?)")
                .params(created.sessionId().value(), agent.path("id").asString(""), created.at().toEpochMilli())
                .update();
    }

    @EventHandler
    void on(SessionEvent.StatusRunning event) {
        restsSince(event.sessionId(), null);
    }

    @EventHandler
    void on(SessionEvent.StatusRescheduled event) {
        restsSince(event.sessionId(), null);
    }

    @EventHandler
    void on(SessionEvent.StatusIdle event) {
        restsSince(event.sessionId(), event.at());
    }

    @EventHandler
    void on(SessionEvent.StatusTerminated event) {
        restsSince(event.sessionId(), event.at());
    }

    private void restsSince(SessionId id, @Nullable Instant since) {
        state.sql("update resting_session set since = :since where id = :id")
                .param("since", since == null ? null : since.toEpochMilli())
                .param("id", id.value())
                .update();
    }

    @EventHandler
    void on(SessionEvent.Deleted event) {
        state.sql("delete from resting_session where id = ?").param(event.sessionId().value()).update();
    }

    @ResetHandler
    void forget() {
        state.sql("delete from resting_session").update();
    }

    /** An agent's sessions that have rested since then or longer, the longest first, at most {@code limit}. */
    List<SessionId> since(String agentId, Instant then, int limit) {
        caughtUp.await(GROUP);
        return state.sql("select id from resting_session where agent_id = ? and since <= ? order by since limit ?")
                .params(agentId, then.toEpochMilli(), limit)
                .query((row, _) -> new SessionId(row.getString(1)))
                .list();
    }
}
