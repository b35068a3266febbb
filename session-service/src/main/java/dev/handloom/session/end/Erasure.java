package dev.handloom.session.end;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.log.ProcessingGroupSpec;
import java.util.Set;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Whatever deleted a session, its content is erased: also when the process died between the two, and when what was on
 * its way meanwhile left something behind. To erase again does nothing.
 */
@Component
@ProcessingGroup(Erasure.GROUP)
class Erasure {
    static final String GROUP = "erasure";
    private static final int BATCH = 1;

    private final SessionLog log;

    Erasure(SessionLog log) {
        this.log = log;
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec erasureGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(SessionEvent.Deleted.class), BATCH);
        }

        /** No erasure is passed over: one that fails is tried again until it is done. */
        @Bean
        ConfigurerModule everySessionIsErased() {
            return configurer -> configurer.eventProcessing(processing -> processing
                    .registerListenerInvocationErrorHandler(GROUP, _ -> PropagatingErrorHandler.instance()));
        }
    }

    @EventHandler
    void on(SessionEvent.Deleted event) {
        log.erase(event.sessionId());
    }
}
