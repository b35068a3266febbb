package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the API as bare HTTP, so that a test sees exactly what is on the wire. */
record Client(int port, HttpClient http) {
    Client(int port) {
        this(port, HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("x-api-key", Running.KEY)
                .header("content-type", "application/json");
    }

    /** @throws IOException when the server is gone */
    HttpResponse<String> exchange(String path, @Nullable String body) throws IOException {
        var request = to(path).timeout(ModelServer.PATIENCE);
        if (body != null) {
            request.POST(BodyPublishers.ofString(body));
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private JsonNode fine(String path, @Nullable String body) {
        try {
            var answer = exchange(path, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(answer.body());
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    JsonNode get(String path) {
        return fine(path, null);
    }

    JsonNode post(String path, String body) {
        return fine(path, body);
    }

    /** The message of the error that must come. */
    String refused(String path, String body) {
        try {
            var answer = exchange(path, body);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            return JsonMapper.shared().readTree(answer.body()).at("/error/message").asString();
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** A new session of a new agent that has the toolset, and a custom tool {@code note}. */
    Talk talk() {
        return talk("claude-test", """
                [{"type":"agent_toolset_20260401"},
                 {"type":"custom","name":"note","description":"notes","input_schema":{"type":"object"}}]""");
    }

    Talk talk(String model, String tools) {
        return talkTo(quoted(model), tools);
    }

    /** @param model as JSON: an id, or an object around it */
    Talk talkTo(String model, String tools) {
        var agent = post("/v1/agents", """
                {"name":"weaver","model":%s,"system":"You weave.","tools":%s}""".formatted(model, tools));
        var environment = post("/v1/environments", """
                {"name":"room","config":{"type":"cloud","networking":{"type":"unrestricted"}}}""");
        var session = post("/v1/sessions", """
                {"agent":"%s","environment_id":"%s"}""".formatted(agent.path("id").asString(),
                environment.path("id").asString()));
        return new Talk(this, session.path("id").asString());
    }

    /** One session. */
    record Talk(Client client, String id) {
        String path() {
            return "/v1/sessions/" + id;
        }

        Tail watch() {
            return new Tail(client, path() + "/events/stream");
        }

        /** @return the echoes */
        JsonNode send(String... events) {
            return client.post(path() + "/events", body(events)).path("data");
        }

        static String body(String... events) {
            return "{\"events\":[" + String.join(",", events) + "]}";
        }

        JsonNode say(String text) {
            return send(message(text));
        }

        JsonNode session() {
            return client.get(path());
        }

        /** The whole history, oldest first. */
        List<JsonNode> history() {
            var history = new ArrayList<JsonNode>();
            var query = "";
            while (true) {
                var page = client.get(path() + "/events" + query);
                page.path("data").forEach(history::add);
                if (!page.path("next_page").isString()) {
                    return history;
                }
                query = "?page=" + page.path("next_page").asString();
            }
        }
    }

    static String message(String text) {
        return "{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}";
    }

    static String system(String text) {
        return "{\"type\":\"system.message\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}";
    }

    static String noted(String toolUseId, String text) {
        return "{\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"" + toolUseId
                + "\",\"content\":[{\"type\":\"text\",\"text\":" + quoted(text) + "}]}";
    }

    static final String INTERRUPT = "{\"type\":\"user.interrupt\"}";

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
