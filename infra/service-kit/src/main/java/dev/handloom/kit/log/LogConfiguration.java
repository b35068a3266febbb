package dev.handloom.kit.log;

import com.zaxxer.hikari.HikariDataSource;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.FolderLock;
import dev.handloom.kit.seal.Seal;
import java.time.Clock;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.UnitOfWorkAwareConnectionProviderWrapper;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.common.transaction.TransactionManager;
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
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.axonframework.spring.jdbc.SpringDataSourceConnectionProvider;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
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
    private static final List<String> ENGINES = List.of("sqlite", "postgres", "axonserver");
    private static final int SAGAS_CACHED_MAX = 10_000;

    /** Asked first of all: without an engine, what fails is something that needs one, and says nothing to an operator. */
    @Bean
    static BeanFactoryPostProcessor namedEngine(Environment environment) {
        var named = environment.getProperty("handloom.log", ENGINES.getFirst());
        if (ENGINES.stream().noneMatch(named::equalsIgnoreCase)) {
            throw new IllegalArgumentException(
                    "handloom.log must be one of " + String.join(", ", ENGINES) + ", not " + named);
        }
        return _ -> {};
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Whoever opens a file of the folder asks for it, so that it is taken first and let go last. */
    @Bean(destroyMethod = "close")
    FolderLock folderLock(DataFolder folder) {
        return FolderLock.take(folder);
    }

    /**
     * Every upcaster bean, in its order; the engine hands each stored event through them before it is read. They change
     * what an older revision says, not its type's name: processors look for their events by the stored name.
     */
    @Bean
    EventUpcasterChain eventUpcasterChain(ObjectProvider<SingleEventUpcaster> upcasters) {
        return new EventUpcasterChain(upcasters.orderedStream().toList());
    }

    @Bean
    SessionLog sessionLog(LogEngine engine, LogStreams streams, Seal seal) {
        return new StoredSessionLog(engine, streams, seal);
    }

    @Bean
    RawLog rawLog(LogEngine engine, @Qualifier("eventSerializer") Serializer serializer, Seal seal) {
        return new RawLog(engine, serializer, seal);
    }

    @Bean
    HikariDataSource stateDataSource(DataFolder folder, FolderLock held, LogIdentity log) {
        log.claim(folder.file("state.db"), folder.file("state.log"));
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
}
