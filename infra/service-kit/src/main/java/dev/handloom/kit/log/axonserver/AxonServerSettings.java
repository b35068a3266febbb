package dev.handloom.kit.log.axonserver;

import io.axoniq.axonserver.connector.impl.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the log's server is, and how to get in.
 *
 * @param servers        {@code host} or {@code host:port} (8124 when none is named), 1 to 32 of them; the first that answers says whom to talk to
 * @param context        the context on the server that holds the log
 * @param token          what the server asks its clients for, if it does
 * @param tokenFile      a file that holds it instead
 * @param tls            whether to talk TLS
 * @param tlsCertificate a PEM file with the certificates to trust; absent, those the JVM trusts
 * @param patience         how long an append or a read waits for a server that is away, 1 s to 10 min
 * @param eventMax       the largest event, 64 KB to 64 MB; no more than the server takes (its axoniq.axonserver.max-message-size)
 */
@ConfigurationProperties("handloom.axonserver")
record AxonServerSettings(
        @DefaultValue("localhost:8124") List<String> servers,
        @DefaultValue("default") String context,
        @Nullable String token,
        @Nullable Path tokenFile,
        @DefaultValue("false") boolean tls,
        @Nullable Path tlsCertificate,
        @DefaultValue("30s") Duration patience,
        @DefaultValue("4MB") DataSize eventMax
) {
    private static final int SERVERS_MAX = 32;
    private static final int PORT_MAX = 65_535;
    private static final int DEFAULT_PORT = 8124;

    AxonServerSettings {
        servers = servers.stream().map(String::strip).toList();
        require(!servers.isEmpty() && servers.size() <= SERVERS_MAX, "servers must be 1 to 32 of host:port");
        servers.forEach(AxonServerSettings::address);
        require(!context.isBlank(), "context must not be blank");
        token = token == null || token.isBlank() ? null : token.strip();
        require(token == null || tokenFile == null, "token and handloom.axonserver.token-file exclude each other");
        require(tls || tlsCertificate == null, "tls-certificate needs handloom.axonserver.tls=true");
        require(patience.compareTo(Duration.ofSeconds(1)) >= 0 && patience.compareTo(Duration.ofMinutes(10)) <= 0,
                "patience must be 1s to 10m");
        require(eventMax.compareTo(DataSize.ofKilobytes(64)) >= 0 && eventMax.compareTo(DataSize.ofMegabytes(64)) <= 0,
                "event-max must be 64KB to 64MB");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("handloom.axonserver." + otherwise);
        }
    }

    ServerAddress[] addresses() {
        return servers.stream().map(AxonServerSettings::address).toArray(ServerAddress[]::new);
    }

    private static ServerAddress address(String server) {
        int colon = server.lastIndexOf(':');
        var host = colon < 0 ? server : server.substring(0, colon);
        var port = colon < 0 ? String.valueOf(DEFAULT_PORT) : server.substring(colon + 1);
        require(!host.isBlank() && port.matches("\\d{1,5}") && Integer.parseInt(port) <= PORT_MAX,
                "servers must be host:port, not " + server);
        return new ServerAddress(host, Integer.parseInt(port));
    }

    /** @throws UncheckedIOException when the file that holds it cannot be read */
    @Nullable
    String secret() {
        if (tokenFile == null) {
            return token;
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("handloom.axonserver.token-file cannot be read: " + tokenFile, unreadable);
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AxonServerSettings[servers=" + servers + ", context=" + context + ", tls=" + tls + ", patience="
                + patience
                + "]";
    }
}
