package dev.handloom.kit.log.postgres;

import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogStreams;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The engine {@code postgres}. Its connections are not beans: whoever asks for a source of data gets the state file. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "handloom.log", havingValue = "postgres")
@EnableConfigurationProperties(PostgresSettings.class)
class PostgresLogConfiguration {
    @Bean
    PostgresLog postgresLog(PostgresSettings settings, @Qualifier("eventSerializer") Serializer serializer) {
        return new PostgresLog(PostgresDatabase.open(settings), serializer);
    }

    @Bean
    LogStreams logStreams(PostgresLog log) {
        return log.streams();
    }

    @Bean
    LogEngine eventStorageEngine(PostgresLog log) {
        return log.engine();
    }
}
