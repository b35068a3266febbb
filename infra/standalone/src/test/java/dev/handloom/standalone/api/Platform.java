package dev.handloom.standalone.api;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.beta.agents.AgentCreateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.agents.BetaManagedAgentsModel;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.environments.EnvironmentCreateParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.SessionCreateParams;
import dev.handloom.standalone.StandaloneApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The whole platform in this process, on a free port, with a data folder of its own and the rehearsal model. Register it
 * in a static field: it runs while the tests of that class do.
 */
final class Platform implements BeforeAllCallback, AfterAllCallback {
    static final String KEY = "the-client-key";
    private static final BetaManagedAgentsModel MODEL = BetaManagedAgentsModel.of("rehearsal");

    private final List<String> settings;
    private @Nullable Path data;
    private @Nullable ConfigurableApplicationContext running;
    private @Nullable AnthropicClient sdk;
    private @Nullable Wire wire;

    /** @param settings beyond the usual ones, such as {@code handloom.api.body-max=64KB} */
    Platform(String... settings) {
        this.settings = List.of(settings);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        data = Files.createTempDirectory("handloom-api-");
        var arguments = new ArrayList<>(List.of("server.port=0", "handloom.data=" + data, "handloom.api.key=" + KEY,
                "handloom.model.base-url=", "handloom.model.api-key=", "handloom.model.auth-token=",
                "handloom.model.rehearsal=", "logging.level.root=warn"));
        arguments.addAll(settings);
        running = new SpringApplicationBuilder(StandaloneApplication.class)
                .properties("spring.config.name=standalone")
                .run(arguments.stream().map(argument -> "--" + argument).toArray(String[]::new));
        wire = new Wire(running.getEnvironment().getRequiredProperty("local.server.port", Integer.class), KEY);
        sdk = client().build();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (sdk != null) {
            sdk.close();
        }
        if (running != null) {
            running.close();
        }
        FileSystemUtils.deleteRecursively(data);
    }

    /** The official client as anyone would build it, except that it checks every answer with its {@code validate()}. */
    AnthropicClient sdk() {
        return there(sdk);
    }

    /** For a client with settings of its own; whoever builds it closes it. */
    AnthropicOkHttpClient.Builder client() {
        return AnthropicOkHttpClient.builder()
                .baseUrl(wire().base())
                .apiKey(KEY)
                .timeout(Wire.PATIENCE)
                .responseValidation(true);
    }

    /** Bare HTTP, for what no SDK would send. */
    Wire wire() {
        return there(wire);
    }

    private static <T> T there(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the platform runs only while the tests of its class do");
        }
        return part;
    }

    AgentCreateParams.Builder agent(String name) {
        return AgentCreateParams.builder().name(name).model(MODEL);
    }

    BetaManagedAgentsAgent newAgent() {
        return sdk().beta().agents().create(agent("weaver").build());
    }

    BetaEnvironment newEnvironment() {
        return sdk().beta().environments().create(EnvironmentCreateParams.builder().name("loom").build());
    }

    /** A session that waits for its first message. */
    BetaManagedAgentsSession newSession() {
        return newSession(newAgent().id(), newEnvironment().id());
    }

    BetaManagedAgentsSession newSession(String agentId, String environmentId) {
        return sdk().beta()
                .sessions()
                .create(SessionCreateParams.builder().agent(agentId).environmentId(environmentId).build());
    }
}
