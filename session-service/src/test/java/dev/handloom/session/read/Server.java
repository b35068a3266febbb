package dev.handloom.session.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import dev.handloom.kit.KitModule;
import dev.handloom.session.SessionModule;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The session service alone, over HTTP, on a data folder that outlives it. What happens is written into its log. */
final class Server implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-03-15T12:00:00Z");
    static final Tokens SPENT = new Tokens(100, 10, 3, 2, 1_000);
    private static final String KEY = "the-key-of-the-projection-tests";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Json NONE = new Json("[]");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({KitModule.class, SessionModule.class})
    static class Parts {
        /** As if revision 0 had called the title a name. */
        @Bean
        SingleEventUpcaster titles() {
            return new SingleEventUpcaster() {
                private static final String CREATED = SessionEvent.Created.class.getName();

                @Override
                protected boolean canUpcast(IntermediateEventRepresentation event) {
                    return event.getType().equals(new SimpleSerializedType(CREATED, "0"));
                }

                @Override
                protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
                    return event.upcastPayload(new SimpleSerializedType(CREATED, "1"), JsonNode.class, payload -> {
                        var created = (ObjectNode) payload;
                        created.set("title", created.remove("name"));
                        return created;
                    });
                }
            };
        }
    }

    private final ConfigurableApplicationContext context;
    private final SessionLog log;
    private final HttpClient http = HttpClient.newHttpClient();

    private Server(ConfigurableApplicationContext context) {
        this.context = context;
        this.log = context.getBean(SessionLog.class);
    }

    static Server on(Path data, String... settings) {
        var arguments = new ArrayList<>(List.of("--server.port=0", "--server.address=127.0.0.1",
                "--handloom.data=" + data, "--handloom.api.key=" + KEY, "--axon.axonserver.enabled=false",
                "--axon.serializer.general=jackson3", "--axon.serializer.events=jackson3",
                "--axon.serializer.messages=jackson3", "--axon.update-check.disabled=true"));
        for (var setting : settings) {
            arguments.add("--" + setting);
        }
        return new Server(SpringApplication.run(Parts.class, arguments.toArray(String[]::new)));
    }

    HttpResponse<String> send(String method, String path) {
        return send(method, path, "");
    }

    HttpResponse<String> send(String method, String path, String body) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .header("x-api-key", KEY)
                .header("content-type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException gone) {
            throw new AssertionError(gone);
        }
    }

    JsonNode get(String path) {
        return json(send("GET", path), 200);
    }

    JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    /** What the state file holds may be changed behind the platform's back. */
    JdbcClient state() {
        return JdbcClient.create(context.getBean(DataSource.class));
    }

    void write(SessionId session, SessionEvent... events) {
        long head = log.head(session);
        var writing = new ArrayList<SessionLog.Writing>();
        for (var event : events) {
            writing.add(new SessionLog.Writing(session + "-" + (head + writing.size()), event, Map.of()));
        }
        assertThat(log.append(session, head, writing))
                .isEqualTo(new SessionLog.Outcome.Appended(head + writing.size()));
    }

    SessionId begin(String name, String title, Instant at) {
        var session = new SessionId("sesn_" + name);
        write(session, new SessionEvent.Created(session, "sthr_1", "weaver",
                new Json("{\"id\":\"agent_a\",\"version\":3,\"model\":{\"id\":\"a-model\"}}"), "env_1", title, Map.of(),
                at));
        return session;
    }

    /** A turn with one model request and one tool call, which takes so long after half a second in the queue. */
    void turn(SessionId session, Instant at, Duration toolTook) {
        var started = at.plusMillis(500);
        var answered = started.plus(toolTook);
        var call = "sevt_" + log.head(session);
        write(session,
                new SessionEvent.StatusRunning(session, "sevt_r", at),
                new SessionEvent.ModelRequestStarted(session, "sevt_m", 1, at),
                new SessionEvent.ToolRequested(session, new AgentOutput.ToolUse(call, NONE, "toolu_1", "bash",
                        AgentOutput.ToolRunner.HANDS, null, AgentOutput.Permission.ALLOW,
                        AgentOutput.Policy.ALWAYS_ALLOW, null), at),
                new SessionEvent.ModelRequestEnded(session, "sevt_e", "sevt_m", false, SPENT, null, at),
                new SessionEvent.ToolStarted(session, call, started),
                new SessionEvent.ToolAnswered(session, "sevt_a", call, AgentOutput.ToolRunner.HANDS, NONE, false, false,
                        answered),
                new SessionEvent.StatusIdle(session, "sevt_i", new StopReason.EndTurn(), answered));
    }

    void delete(SessionId session) {
        write(session, new SessionEvent.Deleted(session, "sevt_d", NOON));
        log.erase(session);
    }

    JsonNode projection(String name) {
        return get("/handloom/v1/projections/" + name);
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
