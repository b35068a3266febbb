package dev.handloom.harness.turn;

import dev.handloom.kit.log.ProcessingGroupSpec;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TurnConfiguration {
    /** Few enough that the first wake-up of a batch is not held up by the last. */
    private static final int BATCH = 50;

    @Bean
    ProcessingGroupSpec turns() {
        return new ProcessingGroupSpec(TurnSaga.GROUP, Effects.wakeUps(), BATCH);
    }

    /** A step that could not be written down must not be passed over: the events are handled again until it is. */
    @Bean
    ConfigurerModule noStepIsLost() {
        return configurer -> configurer.eventProcessing(processing -> processing.registerListenerInvocationErrorHandler(
                TurnSaga.GROUP, _ -> PropagatingErrorHandler.instance()));
    }
}
