package dev.handloom.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The public HTTP API, as any client sees it. */
record Api(URI base, String key) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** The server would not. */
    static final class Refused extends Exception {
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException, Refused {
        return get(path, TIMEOUT);
    }

    JsonNode get(String path, Duration timeout) throws IOException, InterruptedException, Refused {
        return answer(request(path).timeout(timeout).GET());
    }

    JsonNode post(String path, JsonNode body) throws IOException, InterruptedException, Refused {
        return answer(request(path).timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())));
    }

    /** A stream of server-sent events, open when this returns. */
    Listener listen(String path) throws IOException, InterruptedException, Refused {
        var answer = CLIENT.send(request(path).GET().build(), BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            try (var body = answer.body()) {
                throw refusal(answer, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return new Listener(answer.body());
    }

    private HttpRequest.Builder request(String path) {
        var root = base.toString();
        return HttpRequest
                .newBuilder(URI.create((root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + path))
                .header("authorization", "Bearer " + key)
                .header("anthropic-version", "2026-10-21")
                .header("anthropic-beta", "managed-agents-2026-04-01");
    }

    private static JsonNode answer(HttpRequest.Builder request) throws IOException, InterruptedException, Refused {
        var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw refusal(answer, answer.body());
        }
        try {
            return JsonMapper.shared().readTree(answer.body());
        } catch (JacksonException notJson) {
            throw new IOException("the server's answer is not JSON", notJson);
        }
    }

    private static Refused refusal(HttpResponse<?> answer, String body) {
        var status = answer.statusCode();
        try {
            var message = JsonMapper.shared().readTree(body).path("error").path("message").asString("");
            return new Refused(status, message.isEmpty() ? "status " + status : message + " (" + status + ")");
        } catch (JacksonException _) {
            return new Refused(status, "status " + status);
        }
    }
}
