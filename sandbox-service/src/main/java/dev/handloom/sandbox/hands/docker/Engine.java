package dev.handloom.sandbox.hands.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.handloom.sandbox.hands.HandProvider.Probe;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Docker engine of this machine, as {@code DOCKER_HOST} or the usual socket name it. Connected when first needed. */
final class Engine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);
    private static final Duration CONNECTED_WITHIN = Duration.ofSeconds(3);
    /** A start takes 0.1 s on an idle machine, and seconds on a busy one. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(20);
    private static final int CONNECTIONS_MAX = 16;
    /** Older engines let a container open AF_VSOCK and io_uring; handd's own filter closes both. */
    private static final int VERSION_ADVISED = 25;

    private final DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean warned = new AtomicBoolean();
    private @Nullable DockerClient client;
    private @Nullable String architecture;

    DockerClient client() {
        lock.lock();
        try {
            if (client == null) {
                client = DockerClientImpl.getInstance(config, new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .maxConnections(CONNECTIONS_MAX)
                        .connectionTimeout(CONNECTED_WITHIN)
                        .responseTimeout(ANSWERED_WITHIN)
                        .build());
            }
            return client;
        } finally {
            lock.unlock();
        }
    }

    /** Of the machine that the containers run on: x86_64 or aarch64. */
    String architecture() {
        lock.lock();
        try {
            if (architecture == null) {
                architecture = Objects.requireNonNullElse(client().infoCmd().exec().getArchitecture(), "");
            }
            return architecture;
        } finally {
            lock.unlock();
        }
    }

    Probe probe(String image) {
        var host = config.getDockerHost();
        if (!host.getScheme().equals("unix")) {
            return new Probe(false,
                    "DOCKER_HOST is " + host + ", but hands call in on a unix socket: the engine must be "
                            + "on this machine and reached by its own socket");
        }
        var socket = Path.of(host.getPath());
        if (!Files.exists(socket)) {
            return new Probe(false, "there is no Docker here: " + socket + " does not exist");
        }
        if (!Files.isWritable(socket)) {
            return new Probe(false, "no permission for " + socket + ": add this user to the group docker");
        }
        try {
            return asked(image, host);
        } catch (RuntimeException silent) {
            return new Probe(false, "the engine at " + socket + " does not answer: " + rootOf(silent).getMessage());
        }
    }

    /** Its message is one for people. */
    private static Throwable rootOf(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private Probe asked(String image, URI host) {
        var info = client().infoCmd().exec();
        var version = Objects.requireNonNullElse(info.getServerVersion(), "unknown");
        if (Objects.requireNonNullElse(info.getOperatingSystem(), "").contains("Docker Desktop")) {
            return new Probe(false,
                    "Docker Desktop keeps its engine in a virtual machine, and no socket of this machine "
                            + "can be mounted there");
        }
        try {
            client().inspectImageCmd(image).exec();
        } catch (NotFoundException missing) {
            return new Probe(false, "the image " + image + " is missing: run ./handloom image");
        }
        if (major(version) < VERSION_ADVISED && warned.compareAndSet(false, true)) {
            log.warn("Docker engine {} is older than {}: its default filter on system calls is weaker, and handd's own "
                    + "stands in for it", version, VERSION_ADVISED);
        }
        return new Probe(true, "engine " + version + " at " + host.getPath() + ", image " + image);
    }

    private static int major(String version) {
        var digits = version.split("\\D", 2)[0];
        return digits.isEmpty() || digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (client != null) {
                client.close();
                client = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
