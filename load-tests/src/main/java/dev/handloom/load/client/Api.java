package dev.handloom.load.client;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The few calls the workloads need, on one connection: for one thread. */
public final class Api implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** The most events one page holds. */
    private static final int PAGE = 1000;

    private final URI server;
    private final String key;
    private final Connection connection;

    public Api(URI server, String key) {
        this.server = server;
        this.key = key;
        this.connection = new Connection(server, key);
    }

    /** What sessions are made from. */
    public record Loom(String agent, String environment) {}

    /** A new agent that may use the built-in tools, and a new environment. */
    public Loom loom() throws IOException {
        var agent = JSON.createObjectNode().put("name", "load-test").put("model", "rehearsal");
        agent.putArray("tools").addObject().put("type", "agent_toolset_20260401");
        var environment = JSON.createObjectNode().put("name", "load-test");
        environment.putObject("config").put("type", "cloud").putObject("networking").put("type", "unrestricted");
        return new Loom(id("/v1/agents", agent), id("/v1/environments", environment));
    }

    /** Asks for the models: the server answers as soon as it is ready. */
    public void models() throws IOException {
        get("/v1/models");
    }

    /** The session's history, oldest first, read to its end. */
    public List<JsonNode> history(String session) throws IOException {
        var events = new ArrayList<JsonNode>();
        var from = "";
        do {
            var page = get("/v1/sessions/" + session + "/events?limit=" + PAGE
                    + (from.isEmpty() ? "" : "&page=" + from)).json();
            page.path("data").forEach(events::add);
            from = page.path("next_page").asString("");
        } while (!from.isEmpty());
        return events;
    }

    /** idle, running, rescheduling or terminated. */
    public String status(String session) throws IOException {
        return get("/v1/sessions/" + session).json().path("status").asString();
    }

    /** A new, idle session. */
    public String session(Loom loom) throws IOException {
        return id("/v1/sessions", JSON.createObjectNode()
                .put("agent", loom.agent())
                .put("environment_id", loom.environment()));
    }

    private String id(String path, ObjectNode body) throws IOException {
        return post(path, body.toString().getBytes(StandardCharsets.UTF_8)).json().path("id").asString();
    }

    /** A new, idle session whose stream is being watched. */
    public Conversation conversation(Loom loom) throws IOException {
        return new Conversation(server, key, session(loom));
    }

    /** The session's live stream, from now on. */
    public EventStream stream(String session) throws IOException {
        return new EventStream(server, key, session);
    }

    /** Sends, and returns when the server says that it is stored. */
    public void send(String session, Message message) throws IOException {
        post("/v1/sessions/" + session + "/events", message.body());
    }

    /** How many events of a type the session's history holds, counted by reading all of it. */
    public long count(String session, String type) throws IOException {
        long count = 0;
        JsonNode page = JSON.createObjectNode();
        do {
            var from = page.path("next_page").asString("");
            page = get("/v1/sessions/" + session + "/events?limit=" + PAGE + "&types[]=" + type
                    + (from.isEmpty() ? "" : "&page=" + from)).json();
            count += page.path("data").size();
        } while (!page.path("next_page").asString("").isEmpty());
        return count;
    }

    /** Archives the session: its hand, if it had one, is let go. */
    public void archive(String session) throws IOException {
        post("/v1/sessions/" + session + "/archive", new byte[0]);
    }

    /** Deletes the session. */
    public void delete(String session) throws IOException {
        connection.send("DELETE", "/v1/sessions/" + session, null);
        connection.receive().orFail("DELETE of a session");
    }

    private Answer get(String path) throws IOException {
        connection.send("GET", path, null);
        return connection.receive().orFail("GET " + path);
    }

    private Answer post(String path, byte[] body) throws IOException {
        connection.send("POST", path, body);
        return connection.receive().orFail("POST " + path);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
