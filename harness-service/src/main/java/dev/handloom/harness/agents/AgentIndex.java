package dev.handloom.harness.agents;

import dev.handloom.kit.http.AgeTable;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Query.TimeRange;
import dev.handloom.kit.log.CaughtUp;
import dev.handloom.kit.log.ProcessingGroupSpec;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Which agents there are, for lists; rebuilt from the log at any time. */
@Component
@ProcessingGroup(AgentIndex.GROUP)
class AgentIndex {
    static final String GROUP = "agent-index";
    private static final int BATCH = 200;

    private final AgeTable table;
    private final CaughtUp caughtUp;

    AgentIndex(DataSource stateDataSource, CaughtUp caughtUp) {
        this.table = new AgeTable(stateDataSource, "agent_index");
        this.caughtUp = caughtUp;
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec agentIndexGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(AgentEvent.Defined.class, AgentEvent.Archived.class), BATCH);
        }
    }

    @EventHandler
    void on(AgentEvent.Defined event) {
        if (event.version() == 1) {
            table.add(event.agentId(), event.at());
        }
    }

    @EventHandler
    void on(AgentEvent.Archived event) {
        table.archive(event.agentId());
    }

    @ResetHandler
    void forget() {
        table.clear();
    }

    /** Nearest to the page's beginning first. */
    List<Paging.Key> page(Paging paging, TimeRange created, boolean includeArchived) {
        caughtUp.await(GROUP);
        return table.page(paging, created, includeArchived);
    }
}
