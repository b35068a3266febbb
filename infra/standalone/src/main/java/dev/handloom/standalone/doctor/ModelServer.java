package dev.handloom.standalone.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The model's server, as the environment names it. */
record ModelServer(Map<String, String> environment) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    Finding look() {
        var key = environment.getOrDefault("ANTHROPIC_API_KEY", "").strip();
        var token = environment.getOrDefault("ANTHROPIC_AUTH_TOKEN", "").strip();
        var named = environment.getOrDefault("ANTHROPIC_BASE_URL", "").strip();
        if (key.isEmpty() && token.isEmpty() && named.isEmpty()) {
            return Finding.absent("model", "none: a script answers, and says so",
                    "set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a server of your own");
        }
        var base = named.isEmpty() ? "https://api.anthropic.com" : named.replaceFirst("/+$", "");
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var request = HttpRequest.newBuilder(URI.create(base + "/v1/models"))
                    .timeout(PATIENCE)
                    .header("anthropic-version", "2023-06-01");
            if (!key.isEmpty()) {
                request.header("x-api-key", key);
            }
            if (!token.isEmpty()) {
                request.header("authorization", "Bearer " + token);
            }
            var answer = client.send(request.build(), BodyHandlers.ofString());
            return judge(base, answer.statusCode(), answer.body());
        } catch (IOException | IllegalArgumentException silent) {
            // Never the message of a refused header: it would repeat the key.
            return Finding.wrong("model", base + " does not answer (" + silent.getClass().getSimpleName() + ")",
                    "look at ANTHROPIC_BASE_URL and at the network");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Finding.wrong("model", "not looked at", "try again");
        }
    }

    private static Finding judge(String base, int status, String body) {
        return switch (status) {
            case 200 -> Finding.good("model", base + ", " + count(body));
            case 401, 403 -> Finding.wrong("model", base + " does not take the key (" + status + ")",
                    "look at ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN");
            case 404, 405, 501 -> Finding.good("model", base + ", which does not list its models");
            default -> Finding.wrong("model", base + " answers with status " + status, "try again later");
        };
    }

    private static String count(String body) {
        try {
            int models = JsonMapper.shared().readTree(body).path("data").size();
            return "which lists " + models + (models == 1 ? " model" : " models");
        } catch (JacksonException _) {
            return "whose list of models is not JSON";
        }
    }
}
