package dev.handloom.kit.log.axonserver;

import io.axoniq.axonserver.connector.AxonServerConnection;
import io.axoniq.axonserver.connector.AxonServerConnectionFactory;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.impl.ServerAddress;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The connection to a context of the server. It comes back by itself when it was lost. */
final class Connection implements AutoCloseable {
    private static final String CLIENT = "handloom";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TRY_AGAIN = Duration.ofMillis(500);
    /** The server lets its clients ping once a second; a connection that does not answer for so long is lost. */
    private static final Duration PING = Duration.ofSeconds(5);
    /** What we take. What may be stored is limited by the server, to 4 MB unless it is told otherwise. */
    private static final int MESSAGE_BYTES_MAX = 64 << 20;

    private final AxonServerSettings settings;
    private final AxonServerConnectionFactory factory;
    private final AxonServerConnection connection;

    /** Returns also when nobody answers yet. */
    Connection(AxonServerSettings settings) {
        this.settings = settings;
        var builder = AxonServerConnectionFactory.forClient(CLIENT)
                .routingServers(settings.addresses())
                .connectTimeout(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .reconnectInterval(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                .usingKeepAlive(PING.toMillis(), PING.toMillis(), TimeUnit.MILLISECONDS, true)
                .maxInboundMessageSize(MESSAGE_BYTES_MAX);
        var token = settings.secret();
        if (token != null) {
            builder.token(token);
        }
        if (settings.tlsCertificate() != null) {
            trust(builder, settings.tlsCertificate());
        } else if (settings.tls()) {
            builder.useTransportSecurity();
        }
        this.factory = builder.build();
        this.connection = factory.connect(settings.context());
    }

    private static void trust(AxonServerConnectionFactory.Builder builder, Path certificate) {
        try {
            builder.useTransportSecurity(GrpcSslContexts.forClient().trustManager(certificate.toFile()).build());
        } catch (IOException | IllegalArgumentException unusable) {
            throw new UncheckedIOException("handloom.axonserver.tls-certificate cannot be used: " + certificate,
                    new IOException(unusable));
        }
    }

    EventChannel events() {
        return connection.eventChannel();
    }

    boolean isThere() {
        return connection.isConnected();
    }

    /** One sentence for the operator: who did not answer, or who answers and does not let us in. */
    String whyNot() {
        var where = String.join(", ", settings.servers()) + " (context " + settings.context() + ")";
        return Stream.of(settings.addresses()).anyMatch(Connection::answers)
                ? "Axon Server at " + where
                        + " answers but does not let us in: look at handloom.axonserver.token, .tls "
                        + "and .context"
                : "Axon Server cannot be reached at " + where + ": is it running, and does handloom.axonserver.servers "
                        + "name it?";
    }

    private static boolean answers(ServerAddress address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHostName(), address.getGrpcPort()),
                    Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public void close() {
        factory.shutdown();
    }
}
