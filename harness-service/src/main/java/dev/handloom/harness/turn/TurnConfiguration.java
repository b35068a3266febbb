package dev.handloom.harness.turn;

import dev.handloom.kit.log.ProcessingGroupSpec;
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
}
