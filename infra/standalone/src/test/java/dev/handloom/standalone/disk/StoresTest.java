package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.kit.seal.SealingSerializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Where Axon finds no store, it quietly keeps everything in memory. Goal: no such thing has happened. Method: the real
 * context is asked what it is made of, and the files whether they are written.
 */
class StoresTest {
    @TempDir
    private static Path folder;
    private static Platform platform;

    @BeforeAll
    static void start() {
        platform = Platform.on(folder);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static <T> T bean(Class<T> type) {
        return platform.context().getBean(type);
    }

    @Test
    void events_are_kept_by_the_sqlite_engine() {
        assertThat(bean(EventStore.class)).isInstanceOf(EmbeddedEventStore.class);
        assertThat(bean(EventStorageEngine.class).getClass().getName()).isEqualTo("dev.handloom.kit.log.RowEngine");
        assertThat(bean(org.axonframework.config.Configuration.class).eventStore())
                .isInstanceOf(EmbeddedEventStore.class);
    }

    @Test
    void tokens_and_sagas_are_kept_in_the_state_file() {
        assertThat(bean(TokenStore.class)).isInstanceOf(JdbcTokenStore.class);
        assertThat(bean(SagaStore.class).getClass().getName())
                .isEqualTo("dev.handloom.kit.log.ForgetfulSagaStore");
        assertThat(platform.context().getBeansOfType(SagaStore.class)).hasSize(1);
        assertThat(platform.context().getBean(DataSource.class))
                .as("the one that is meant when none is named")
                .isSameAs(platform.context().getBean("stateDataSource"));
    }

    @Test
    void everything_is_written_as_json() {
        assertThat(platform.context().getBeansOfType(Serializer.class).values())
                .isNotEmpty()
                .allMatch(serializer -> serializer instanceof Jackson3Serializer
                        || serializer instanceof SealingSerializer);
        assertThat(bean(org.axonframework.config.Configuration.class).eventSerializer())
                .isInstanceOf(SealingSerializer.class);
    }

    @Test
    void every_processor_is_pooled_and_runs() {
        var processors = bean(EventProcessingConfiguration.class).eventProcessors();
        assertThat(processors.keySet()).contains("turns", "agent-index", "environment-index");
        assertThat(processors.values()).allMatch(PooledStreamingEventProcessor.class::isInstance)
                .allMatch(EventProcessor::isRunning)
                .noneMatch(EventProcessor::isError);
    }

    @Test
    void what_happens_leaves_its_marks_in_both_files() {
        var session = platform.newSession(platform.newAgent(), platform.newEnvironment());
        assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
        platform.rests(session, 1);
        var state = JdbcClient.create(bean(DataSource.class));
        Platform.eventually("tokens move", () -> rows(state, "TokenEntry") >= 4);
        assertThat(rows(state, "SagaEntry")).isPositive();
        assertThat(List.of("events.db", "state.db")).allMatch(file -> Files.exists(folder.resolve(file)));
    }

    private static long rows(JdbcClient state, String table) {
        return state.sql("select count(*) from " + table).query(Long.class).single();
    }
}
