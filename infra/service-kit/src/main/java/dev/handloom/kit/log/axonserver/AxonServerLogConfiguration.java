package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.FolderLock;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogIdentity;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.LogUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcasterChain;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The engine {@code axonserver}. Only the log is on the server: commands and queries stay on this process' own buses, and
 * tokens, sagas and projections in its {@code state.db}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "handloom.log", havingValue = "axonserver")
@EnableConfigurationProperties(AxonServerSettings.class)
class AxonServerLogConfiguration {
    @Bean(destroyMethod = "close")
    Connection axonServerConnection(AxonServerSettings settings, FolderLock held) {
        return new Connection(settings);
    }

    @Bean(destroyMethod = "close")
    AxonServer axonServer(Connection connection, AxonServerSettings settings) {
        return new AxonServer(connection::events, connection::isThere, settings);
    }

    @Bean
    LogIdentity logIdentity(AxonServerSettings settings) {
        return new LogIdentity("axonserver " + String.join(",", settings.servers()) + " " + settings.context());
    }

    /** The first to ask the server for something: if nobody answers, the platform does not start. */
    @Bean
    LogStreams logStreams(AxonServer server, Connection connection) {
        try {
            return new LogStreams(server.lastGlobal(), server::lastGlobalOrMax);
        } catch (LogUnavailable nobodyThere) {
            throw new UncheckedIOException(connection.whyNot(), new IOException(nobodyThere));
        }
    }

    @Bean
    LogEngine eventStorageEngine(
            AxonServer server,
            @Qualifier("eventSerializer") Serializer serializer,
            EventUpcasterChain upcasters
    ) {
        return new AxonServerEngine(server, serializer, upcasters);
    }

    @Bean(destroyMethod = "close")
    Tail tail(AxonServer server, LogEngine engine, LogStreams streams) {
        return new Tail(server, ((AxonServerEngine) engine)::readAnything, streams, streams.lastGlobal());
    }
}
