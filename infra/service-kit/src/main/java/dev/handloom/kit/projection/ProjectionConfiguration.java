package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogStreams;
import java.time.Clock;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProjectionSettings.class)
class ProjectionConfiguration {
    /** All projections share them: they take turns at the state file anyhow. */
    private static final int THREADS = 2;

    @Bean
    Projections projections(
            LogEngine log,
            LogStreams streams,
            TokenStore tokens,
            TransactionManager transactions,
            PlatformTransactionManager platform,
            ConnectionProvider connections,
            DataSource stateDataSource,
            Serializer serializer,
            ProjectionSettings settings,
            Clock clock,
            ObjectProvider<Projection> projections
    ) {
        var nested = new TransactionTemplate(platform);
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        var tools = new Workbench(log, tokens, transactions, nested, new TransactionTemplate(platform), connections,
                JdbcClient.create(stateDataSource), serializer, settings,
                Executors.newScheduledThreadPool(THREADS, new AxonThreadFactory("look[projections]")),
                Executors.newScheduledThreadPool(THREADS, new AxonThreadFactory("work[projections]")));
        return new Projections(tools, streams, projections, clock);
    }
}
