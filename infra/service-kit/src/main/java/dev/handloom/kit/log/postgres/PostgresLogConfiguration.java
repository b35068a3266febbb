package dev.handloom.kit.log.postgres;

import dev.handloom.kit.FolderLock;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogIdentity;
import dev.handloom.kit.log.LogStreams;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
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
    /** After the folder is held: a second server in it must fail for that reason. */
    @Bean
    PostgresDatabase postgresDatabase(PostgresSettings settings, FolderLock held) {
        return PostgresDatabase.open(settings);
    }

    @Bean
    LogIdentity logIdentity(PostgresDatabase database) {
        return database.identity();
    }

    @Bean
    PostgresLog postgresLog(
            PostgresDatabase database,
            @Qualifier("eventSerializer") Serializer serializer,
            EventUpcasterChain upcasters
    ) {
        return new PostgresLog(database, serializer, upcasters);
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
