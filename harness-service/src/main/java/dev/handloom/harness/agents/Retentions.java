package dev.handloom.harness.agents;

import dev.handloom.api.agent.AgentQuery;
import dev.handloom.kit.log.CaughtUp;
import dev.handloom.kit.log.ProcessingGroupSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How long each agent's sessions are kept, as its newest version says; rebuilt from the log at any time. */
@Component
@ProcessingGroup(Retentions.GROUP)
class Retentions {
    static final String GROUP = "agent-retention";
    private static final int BATCH = 200;

    private final JdbcClient state;
    private final CaughtUp caughtUp;

    Retentions(DataSource stateDataSource, CaughtUp caughtUp) {
        this.state = JdbcClient.create(stateDataSource);
        this.caughtUp = caughtUp;
        state.sql("create table if not exists agent_retention (agent_id text primary key, seconds integer not null)")
                .update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec agentRetentionGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(AgentEvent.Defined.class), BATCH);
        }
    }

    @EventHandler
    void on(AgentEvent.Defined event) {
        Retention.of(event.definition().metadata())
                .ifPresentOrElse(kept -> state.sql("insert or replace into agent_retention values (?,?)")
                        .params(event.agentId(), kept.toSeconds())
                        .update(),
                        () -> state.sql("delete from agent_retention where agent_id = ?")
                                .param(event.agentId())
                                .update());
    }

    @ResetHandler
    void forget() {
        state.sql("delete from agent_retention").update();
    }

    @QueryHandler
    AgentQuery.Kept answer(AgentQuery.Retentions query) {
        caughtUp.await(GROUP);
        var kept = new HashMap<String, Duration>();
        state.sql("select agent_id, seconds from agent_retention")
                .query(row -> {
                    kept.put(row.getString(1), Duration.ofSeconds(row.getLong(2)));
                });
        return new AgentQuery.Kept(kept);
    }
}
