package dev.handloom.standalone.start;

import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.harness.model.Model;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.http.ApiKey;
import dev.handloom.sandbox.execute.HandSelection;
import dev.handloom.standalone.StandaloneApplication;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole platform, running in this process. */
public final class Platform implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final Duration startedIn;

    private Platform(ConfigurableApplicationContext context, Duration startedIn) {
        this.context = context;
        this.startedIn = startedIn;
    }

    /** @throws StartFailure which says why in one line */
    public static Platform start(Settings settings) throws StartFailure {
        System.setProperty("spring.config.name", "standalone");
        long from = System.nanoTime();
        var application = new SpringApplication(StandaloneApplication.class);
        // Whoever starts it ends it, in an order of their own.
        application.setRegisterShutdownHook(false);
        application.addInitializers(context -> Door.of(context.getEnvironment()).tryIt());
        try {
            var context = application.run(settings.arguments().toArray(String[]::new));
            return new Platform(context, Duration.ofNanos(System.nanoTime() - from));
        } catch (RuntimeException failed) {
            throw StartFailure.of(failed);
        }
    }

    public Duration startedIn() {
        return startedIn;
    }

    /** Where a client on this machine finds it. */
    public URI url() {
        var host = host();
        var reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return URI.create("http://" + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":"
                + context.getEnvironment().getRequiredProperty("local.server.port"));
    }

    /** The address it listens at. */
    public String host() {
        return context.getEnvironment().getProperty("server.address", "0.0.0.0");
    }

    public Path data() {
        return context.getBean(DataFolder.class).data();
    }

    /** The file that holds the client key; null when HANDLOOM_API_KEY sets it. */
    public @Nullable Path keyFile() {
        return configuredKey().isBlank() ? context.getBean(DataFolder.class).file(ApiKey.FILE) : null;
    }

    /** Empty when the key is in {@link #keyFile()}. */
    public String configuredKey() {
        return context.getEnvironment().getProperty("handloom.api.key", "");
    }

    /** Who answers, in words; never a secret. */
    public String model() {
        return context.getBean(Model.class).describe();
    }

    public HandSelection hands() {
        return context.getBean(HandSelection.class);
    }

    /** Removes a session's sandbox, and returns when it is gone. */
    public void release(SessionId session) {
        context.getBean(CommandGateway.class).sendAndWait(new SandboxCommand.ReleaseHand(session));
    }

    @Override
    public void close() {
        context.close();
    }
}
