package dev.handloom.kit.log;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.kit.DataFolder;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who handles the events of the log, and how: every {@link ProcessingGroupSpec} becomes an event processor. */
@Configuration(proxyBeanMethods = false)
class ProcessorConfiguration {
    private static final int ONLY_SEGMENT = 0;

    @Bean
    LogSources logSources(LogStreams streams, LogEngine engine, List<ProcessingGroupSpec> groups) {
        return new LogSources(groups.stream()
                .collect(Collectors.toMap(
                        ProcessingGroupSpec::name,
                        group -> streams.source(engine,
                                group.payloadTypes().stream().map(Class::getName).collect(Collectors.toSet())))));
    }

    /** Each group on its own two threads: one looks, one works. One segment, because the state file has one writer. */
    @Bean
    ConfigurerModule logProcessors(LogSources sources, List<ProcessingGroupSpec> groups) {
        return configurer -> configurer.eventProcessing(processing -> {
            processing.usingPooledStreamingEventProcessors();
            processing.registerDefaultListenerInvocationErrorHandler(_ -> new StoreTroubles());
            for (var group : groups) {
                processing.registerPooledStreamingEventProcessor(group.name(), _ -> sources.of(group.name()),
                        (_, processor) -> processor
                                .initialSegmentCount(1)
                                .batchSize(group.batch())
                                .initialToken(source -> source.createTailToken())
                                .enableCoordinatorClaimExtension()
                                .coordinatorExecutor(Executors.newSingleThreadScheduledExecutor(
                                        new AxonThreadFactory("look[" + group.name() + "]")))
                                .workerExecutor(Executors.newSingleThreadScheduledExecutor(
                                        new AxonThreadFactory("work[" + group.name() + "]"))));
            }
        });
    }

    @Bean
    TokenCaughtUp caughtUp(LogSources sources, org.axonframework.config.Configuration axon) {
        return new TokenCaughtUp(sources, axon::eventProcessingConfiguration);
    }

    @Bean
    WriteAheadCut stateWriteAheadCut(HikariDataSource stateDataSource, LogStreams streams, TokenCaughtUp caughtUp) {
        return new WriteAheadCut(stateDataSource, streams, caughtUp::all);
    }

    @Bean
    RoomWatch roomWatch(
            DataFolder folder,
            org.axonframework.config.Configuration axon,
            ObjectProvider<OtherProcessors> others
    ) {
        return new RoomWatch(folder.data().toFile()::getUsableSpace, () -> {
            axon.eventProcessingConfiguration().eventProcessors().values().forEach(ProcessorConfiguration::tryAgain);
            others.forEach(other -> other.processors().forEach(ProcessorConfiguration::tryAgain));
        });
    }

    private static void tryAgain(EventProcessor processor) {
        if (processor instanceof StreamingEventProcessor streaming && streaming.isRunning()) {
            var _ = streaming.claimSegment(ONLY_SEGMENT);
        }
    }
}
