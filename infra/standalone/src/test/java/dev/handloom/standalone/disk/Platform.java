package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.StandaloneApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole platform in this process, with the rehearsal model, on a data folder that outlives it. */
final class Platform implements AutoCloseable {
    private static final String KEY = "the-key-of-the-disk-tests";
    /** How long a test waits for what must come; nothing is said about how fast it comes. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private Platform(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param settings as on a command line, such as {@code handloom.hands.provider=jvm} */
    static Platform on(Path data, String... settings) {
        return with(List.of(), data, settings);
    }

    /** @param parts configurations whose beans stand in for some of the platform's */
    static Platform with(List<Class<?>> parts, Path data, String... settings) {
        var arguments = new ArrayList<>(List.of("--spring.config.name=standalone", "--server.port=0",
                "--handloom.data=" + data, "--handloom.api.key=" + KEY, "--handloom.hands.provider=jvm",
                "--handloom.model.base-url=", "--handloom.model.api-key=", "--handloom.model.auth-token=",
                "--handloom.model.rehearsal="));
        for (var setting : settings) {
            var name = "--" + setting.substring(0, setting.indexOf('=') + 1);
            arguments.removeIf(argument -> argument.startsWith(name));
            arguments.add("--" + setting);
        }
        var sources = new ArrayList<Class<?>>(parts);
        sources.addFirst(StandaloneApplication.class);
        return new Platform(SpringApplication.run(sources.toArray(Class<?>[]::new), arguments.toArray(String[]::new)));
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    private HttpRequest.Builder to(String path) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("x-api-key", KEY)
                .header("content-type", "application/json");
    }

    HttpResponse<String> send(String method, String path, String body) {
        try {
            return http.send(to(path).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException gone) {
            throw new AssertionError(gone);
        }
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    private static JsonNode fine(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.body());
    }

    JsonNode get(String path) {
        return fine(send("GET", path, ""));
    }

    String newId(String path, String body) {
        return fine(post(path, body)).path("id").asString();
    }

    String newAgent() {
        return newId("/v1/agents", """
                {"name":"weaver","model":"rehearsal","tools":[{"type":"agent_toolset_20260401"}]}""");
    }

    String newEnvironment() {
        return newId("/v1/environments", "{\"name\":\"room\",\"config\":{\"type\":\"cloud\"}}");
    }

    String newSession(String agent, String environment) {
        return newId("/v1/sessions", "{\"agent\":\"" + agent + "\",\"environment_id\":\"" + environment + "\"}");
    }

    static String saying(String text) {
        return "{\"events\":[{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}]}";
    }

    HttpResponse<String> say(String session, String text) {
        return post("/v1/sessions/" + session + "/events", saying(text));
    }

    String status(String session) {
        return get("/v1/sessions/" + session).path("status").asString();
    }

    /** The whole history, oldest first. */
    List<JsonNode> history(String session) {
        var events = new ArrayList<JsonNode>();
        var page = "";
        while (true) {
            var answer = get("/v1/sessions/" + session + "/events" + page);
            answer.path("data").forEach(events::add);
            if (!answer.path("next_page").isString()) {
                return events;
            }
            page = "?page=" + answer.path("next_page").asString();
        }
    }

    List<JsonNode> history(String session, String type) {
        return history(session).stream().filter(event -> event.path("type").asString().equals(type)).toList();
    }

    /** The session comes to rest, after so many turns in all. */
    void rests(String session, int turns) {
        eventually("session at rest after " + turns + " turns", () -> status(session).equals("idle")
                && history(session, "session.status_idle").size() >= turns);
    }

    static void eventually(String what, BooleanSupplier fact) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
