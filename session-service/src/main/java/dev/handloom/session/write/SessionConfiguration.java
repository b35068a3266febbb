package dev.handloom.session.write;

import dev.handloom.kit.Ids;
import dev.handloom.kit.log.CaffeineCache;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.EventCountSnapshotTriggerDefinition;
import org.axonframework.eventsourcing.SnapshotTriggerDefinition;
import org.axonframework.eventsourcing.Snapshotter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
    /** Sessions whose state stays in memory; an evicted one is read back from its snapshot and at most 500 events. */
    private static final int SESSIONS_CACHED_MAX = 10_000;
    private static final int EVENTS_BETWEEN_SNAPSHOTS = 500;

    @Bean
    Cache sessionCache() {
        return new CaffeineCache(SESSIONS_CACHED_MAX);
    }

    @Bean
    SnapshotTriggerDefinition sessionSnapshots(Snapshotter snapshotter) {
        return new EventCountSnapshotTriggerDefinition(snapshotter, EVENTS_BETWEEN_SNAPSHOTS);
    }

    @Bean
    EventIds eventIds() {
        return () -> Ids.next("sevt_");
    }
}
