package dev.handloom.load;

import dev.handloom.load.client.Api;
import dev.handloom.load.measure.Cpu;
import dev.handloom.load.measure.Disk;
import dev.handloom.load.workload.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with the rehearsal model and a data folder that is removed at the end. */
public final class OwnServer implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
    private static final String LOG = "server.log";

    private final ProcessBuilder builder;
    private final Path folder;
    private final URI url;
    private final String key = UUID.randomUUID().toString();
    private Process process;

    /**
     * Returns when it answers.
     *
     * @param jvm  options for its JVM
     * @param more settings in its environment
     * @throws IOException when it does not within two minutes
     */
    public OwnServer(Path jar, Path data, List<String> jvm, Map<String, String> more)
            throws IOException, InterruptedException {
        Files.createDirectories(data);
        folder = Files.createTempDirectory(data, "server-");
        int port = freePort();
        url = URI.create("http://127.0.0.1:" + port);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(jvm);
        // The jar's own main takes the launcher's few options; a load test sets what only settings can.
        command.addAll(List.of("-Dloader.main=dev.handloom.standalone.StandaloneApplication", "-cp", jar.toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher", "--server.port=" + port));
        builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(LOG).toFile()));
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("ANTHROPIC_") || name.startsWith("HANDLOOM_"));
        environment.put("HANDLOOM_DATA", folder.resolve("data").toString());
        environment.put("HANDLOOM_API_KEY", key);
        environment.putAll(more);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
        waitUntilReady();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void waitUntilReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() < end) {
            if (process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the server ended at its start:\n" + Files.readString(folder.resolve(LOG)));
            }
            try (var api = new Api(url, key)) {
                api.models();
                return;
            } catch (IOException notYet) {
                // It is still starting.
            }
        }
        throw new IOException("the server does not answer; see " + folder.resolve(LOG));
    }

    public URI url() {
        return url;
    }

    public String key() {
        return key;
    }

    /** What is its own, beside the data folder; removed at the end. */
    public Path folder() {
        return folder;
    }

    /** @return whether it died within so long */
    public boolean dies(Duration within) throws InterruptedException {
        return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Starts it again, on the same data and port; returns when it answers. */
    public void restart() throws IOException, InterruptedException {
        process = builder.start();
        waitUntilReady();
    }

    Target target() throws IOException {
        return new Target(url, key, new Cpu(OptionalLong.of(process.pid())), new Disk(folder), hands());
    }

    /** As the server's log tells it. */
    private String hands() throws IOException {
        try (var lines = Files.lines(folder.resolve(LOG))) {
            return lines.filter(line -> line.contains("hands: ") && line.contains(" is ready"))
                    .map(line -> line.substring(line.indexOf("hands: ") + "hands: ".length(),
                            line.indexOf(" is ready")))
                    .findFirst()
                    .orElse("none");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, GONE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(Process::destroyForcibly)
                .thenCompose(Process::onExit)
                .join();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
