package dev.handloom.standalone.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A Docker engine asked in its own tongue, HTTP over its socket: the docker program need not be there. */
record DockerEngine(String host) {
    private static final String USUAL = "unix:///var/run/docker.sock";
    private static final int TCP_PORT_USUAL = 2375;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    private record Answer(int status, String body) {}

    /** @param dockerHost the variable DOCKER_HOST, or empty */
    static DockerEngine at(String dockerHost) {
        return new DockerEngine(dockerHost.isBlank() ? USUAL : dockerHost.strip());
    }

    /** @throws IOException when no engine answers there */
    String version() throws IOException {
        try {
            return JsonMapper.shared().readTree(get("/version").body()).path("Version").asString("unknown");
        } catch (JacksonException notDocker) {
            throw new IOException("what answers is no Docker engine", notDocker);
        }
    }

    boolean hasImage(String image) throws IOException {
        return get("/images/" + image + "/json").status() == 200;
    }

    private Answer get(String path) throws IOException {
        try (var channel = SocketChannel.open(address())) {
            channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII)));
            var answer = new String(Channels.newInputStream(channel).readNBytes(ANSWER_BYTES_MAX),
                    StandardCharsets.UTF_8);
            var status = Optional.of(answer).filter(text -> text.matches("(?s)HTTP/1\\.[01] \\d{3}.*"));
            int body = answer.indexOf("\r\n\r\n");
            if (status.isEmpty() || body < 0) {
                throw new IOException("what answers does not speak HTTP");
            }
            return new Answer(Integer.parseInt(answer.substring(9, 12)), answer.substring(body + 4));
        }
    }

    private SocketAddress address() throws IOException {
        try {
            var uri = URI.create(host);
            return switch (String.valueOf(uri.getScheme())) {
                case "unix" -> UnixDomainSocketAddress.of(uri.getPath());
                case "tcp", "http" -> new InetSocketAddress(uri.getHost(),
                        uri.getPort() < 0 ? TCP_PORT_USUAL : uri.getPort());
                default -> throw new IOException("DOCKER_HOST is of a kind not looked into: " + host);
            };
        } catch (IllegalArgumentException wrong) {
            throw new IOException("DOCKER_HOST is not an address: " + host, wrong);
        }
    }
}
