package dev.handloom.sandbox.environments;

import dev.handloom.kit.http.AgeTable;
import dev.handloom.kit.http.Paging;
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

/** Which environments there are, for lists; rebuilt from the log at any time. */
@Component
@ProcessingGroup(EnvironmentIndex.GROUP)
class EnvironmentIndex {
    static final String GROUP = "environment-index";
    private static final int BATCH = 200;

    private final AgeTable table;
    private final CaughtUp caughtUp;

    EnvironmentIndex(DataSource stateDataSource, CaughtUp caughtUp) {
        this.table = new AgeTable(stateDataSource, "environment_index");
        this.caughtUp = caughtUp;
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec environmentIndexGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(EnvironmentEvent.Defined.class,
                    EnvironmentEvent.Archived.class, EnvironmentEvent.Deleted.class), BATCH);
        }
    }

    /** A later definition changes nothing here: the table ignores an id it has. */
    @EventHandler
    void on(EnvironmentEvent.Defined event) {
        table.add(event.environmentId(), event.at());
    }

    @EventHandler
    void on(EnvironmentEvent.Archived event) {
        table.archive(event.environmentId());
    }

    @EventHandler
    void on(EnvironmentEvent.Deleted event) {
        table.remove(event.environmentId());
    }

    @ResetHandler
    void forget() {
        table.clear();
    }

    /** Nearest to the page's beginning first. */
    List<Paging.Key> page(Paging paging, boolean includeArchived) {
        caughtUp.await(GROUP);
        return table.page(paging, null, includeArchived);
    }
}
