package dev.handloom.kit.log;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.FolderLock;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.modelling.saga.repository.jdbc.GenericSagaSqlSchema;
import org.axonframework.modelling.saga.repository.jdbc.JdbcSagaStore;
import org.axonframework.queryhandling.QueryBus;
import org.axonframework.queryhandling.QueryUpdateEmitter;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3SerializerCustomizer;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * The log on whichever engine {@code handloom.log} names, and what follows from it in {@code state.db}. Every Axon component
 * that would otherwise be guessed from the class path is named here, because a wrong guess is an in-memory store.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DataFolder.class)
class LogConfiguration {
    private static final int SAGAS_CACHED_MAX = 10_000;
    private static final int ONLY_SEGMENT = 0;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Whoever opens a file of the folder asks for it, so that it is taken first and let go last. */
    @Bean(destroyMethod = "close")
    FolderLock folderLock(DataFolder folder) {
        return FolderLock.take(folder);
    }

    @Bean
    SessionLog sessionLog(LogEngine engine, LogStreams streams) {
        return new StoredSessionLog(engine, streams);
    }

    @Bean
    RawLog rawLog(LogEngine engine, @Qualifier("eventSerializer") Serializer serializer) {
        return new RawLog(engine, serializer);
    }

    @Bean
    HikariDataSource stateDataSource(DataFolder folder, FolderLock held) {
        return StateStore.open(folder.file("state.db"));
    }

    @Bean
    PlatformTransactionManager stateTransactions(HikariDataSource stateDataSource) {
        return new DataSourceTransactionManager(stateDataSource);
    }

    @Bean
    TransactionManager axonTransactionManager(PlatformTransactionManager transactions) {
        return new SpringTransactionManager(transactions);
    }

    @Bean
    ConnectionProvider connectionProvider(HikariDataSource stateDataSource) {
        return new UnitOfWorkAwareConnectionProviderWrapper(new SpringDataSourceConnectionProvider(stateDataSource));
    }

    @Bean
    TokenStore tokenStore(ConnectionProvider connections, Serializer serializer) {
        return new StateStore.Tokens(
                StateStore.Tokens.builder().connectionProvider(connections).serializer(serializer));
    }

    /** Cached, because this process is the only one that handles its sagas. */
    @Bean
    SagaStore<Object> sagaStore(ConnectionProvider connections, Serializer serializer) {
        var stored = JdbcSagaStore.builder()
                .connectionProvider(connections)
                .serializer(serializer)
                .sqlSchema(new GenericSagaSqlSchema())
                .build();
        return new ForgetfulSagaStore(stored, new CaffeineCache(SAGAS_CACHED_MAX), new CaffeineCache(SAGAS_CACHED_MAX));
    }

    /** Commands run outside any transaction of the state file: the log's own writer makes them durable. */
    @Bean
    @Qualifier("localSegment")
    CommandBus commandBus(List<CorrelationDataProvider> correlation) {
        var bus = SimpleCommandBus.builder().transactionManager(NoTransactionManager.INSTANCE).build();
        bus.registerHandlerInterceptor(new CorrelationDataInterceptor<>(correlation));
        return bus;
    }

    @Bean
    @Qualifier("localSegment")
    QueryBus queryBus(QueryUpdateEmitter updates) {
        return SimpleQueryBus.builder()
                .transactionManager(NoTransactionManager.INSTANCE)
                .queryUpdateEmitter(updates)
                .build();
    }

    /** Replay tokens name their context's class; Jackson 3 refuses that unless the class is allowed here. */
    @Bean
    Jackson3SerializerCustomizer knownTypes() {
        return json -> json.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                .allowIfSubType("org.axonframework.")
                .allowIfSubType("dev.handloom.")
                .allowIfSubType("java.util.")
                .allowIfSubType("java.time.")
                .allowIfSubType(String.class)
                .allowIfSubType(Number.class)
                .build());
    }

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
    CaughtUp caughtUp(LogSources sources, org.axonframework.config.Configuration axon) {
        return new TokenCaughtUp(sources, axon::eventProcessingConfiguration);
    }

    @Bean
    RoomWatch roomWatch(DataFolder folder, org.axonframework.config.Configuration axon) {
        return new RoomWatch(folder.data().toFile()::getUsableSpace, () -> axon.eventProcessingConfiguration()
                .eventProcessors()
                .values()
                .forEach(LogConfiguration::tryAgain));
    }

    private static void tryAgain(EventProcessor processor) {
        if (processor instanceof StreamingEventProcessor streaming && streaming.isRunning()) {
            var _ = streaming.claimSegment(ONLY_SEGMENT);
        }
    }
}
