package dev.handloom.kit.log.axonserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnavailable;
import dev.handloom.kit.log.Row;
import dev.handloom.kit.log.Serializers;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.junit.jupiter.api.Test;

/** What is said where no server answers, or one that refuses; and how rows travel. */
class UnreachedTest {
    private static AxonServerSettings settings(String... servers) {
        return new AxonServerSettings(List.of(servers), "default", null, null, false, null, Duration.ofSeconds(1),
                AxonServerLog.EVENT_MAX);
    }

    private static Row row() {
        return Row.of(new GenericDomainEventMessage<>("Session", EngineContract.ONE.value(), 3,
                new GenericDomainEventMessage<>("Session", EngineContract.ONE.value(), 3,
                        EngineContract.said(EngineContract.ONE, "said")).withMetaData(java.util.Map.of("n", 7)),
                Instant.parse("2026-11-24T12:00:00.123456789Z")), Serializers.json());
    }

    @Test
    void a_server_that_is_not_there_is_one_sentence_that_names_it() throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var settings = settings("localhost:" + port);
        try (var connection = new Connection(settings);
                var server = new AxonServer(connection::events, connection::isThere, settings)) {
            assertThatThrownBy(() -> new AxonServerLogConfiguration().logStreams(server, connection))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("Axon Server cannot be reached at localhost:" + port
                            + " (context default): is it running, and does handloom.axonserver.servers name it?");
            assertThatThrownBy(() -> server.append(List.of(row()))).isInstanceOf(LogUnavailable.class)
                    .hasMessageContaining("nothing was stored");
            assertThat(server.lastGlobalOrMax()).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void somebody_who_answers_and_does_not_let_us_in_is_another_sentence() throws IOException {
        try (var mute = new ServerSocket(0)) {
            try (var connection = new Connection(settings("localhost:" + mute.getLocalPort()))) {
                assertThat(connection.isThere()).isFalse();
                assertThat(connection.whyNot()).contains("answers but does not let us in");
            }
        }
    }

    private static Exception failed(Status status) {
        return new ExecutionException(new StatusRuntimeException(status));
    }

    @Test
    void what_failed_decides_what_an_append_is_told() {
        var taken = Status.OUT_OF_RANGE.withDescription("[AXONIQ-2000] Invalid sequence number");
        assertThat(Trouble.ofAppend(failed(taken), true)).isInstanceOf(StatusRuntimeException.class);
        assertThat(Trouble.ofAppend(failed(Status.PERMISSION_DENIED), true)).isInstanceOf(LogUnavailable.class);
        assertThat(Trouble.ofAppend(failed(Status.RESOURCE_EXHAUSTED), true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Trouble.ofAppend(failed(Status.CANCELLED), true)).isInstanceOf(EventStoreException.class)
                .isNotInstanceOf(LogUnavailable.class)
                .hasMessageContaining("may or may not be stored");
        assertThat(Trouble.ofAppend(new Trouble.Unreached(), false)).isInstanceOf(LogUnavailable.class);
    }

    @Test
    void a_row_comes_back_as_it_was_down_to_the_nanosecond() {
        var row = row();
        assertThat(EventForm.row(EventForm.event(row, false), 0)).usingRecursiveComparison().isEqualTo(row);
    }

    @Test
    void settings_that_cannot_work_are_refused_by_name() {
        assertThat(settings("log.example.org", "other:9").addresses()[0].getGrpcPort()).isEqualTo(8124);
        assertThatThrownBy(() -> settings()).hasMessageStartingWith("handloom.axonserver.servers");
        assertThatThrownBy(() -> settings("host:port")).hasMessageStartingWith("handloom.axonserver.servers");
        assertThatThrownBy(() -> settings("host:70000")).hasMessageStartingWith("handloom.axonserver.servers");
        var one = List.of("localhost");
        assertThatThrownBy(() -> new AxonServerSettings(one, "default", "t", Path.of("f"), false, null,
                Duration.ofSeconds(1), AxonServerLog.EVENT_MAX)).hasMessageStartingWith("handloom.axonserver.token");
        assertThatThrownBy(() -> new AxonServerSettings(one, "default", null, null, false, Path.of("ca.pem"),
                Duration.ofSeconds(1), AxonServerLog.EVENT_MAX))
                .hasMessageStartingWith("handloom.axonserver.tls-certificate");
        assertThatThrownBy(() -> new AxonServerSettings(one, "default", null, null, false, null, Duration.ZERO,
                AxonServerLog.EVENT_MAX))
                .hasMessageStartingWith("handloom.axonserver.patience");
        assertThat(new AxonServerSettings(one, "default", "secret", null, false, null, Duration.ofSeconds(1),
                AxonServerLog.EVENT_MAX))
                .asString()
                .doesNotContain("secret");
    }
}
