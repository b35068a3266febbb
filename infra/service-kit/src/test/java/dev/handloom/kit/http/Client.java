package dev.handloom.kit.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to a server on this machine, properly or, through {@link #raw}, as badly as asked. */
record Client(int port, HttpClient http) {
    static final String KEY = "the-test-key";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    Client(int port) {
        this(port, HttpClient.newHttpClient());
    }

    /** An answer, its body read as JSON. */
    record Answer(int status, HttpResponse<String> http) {
        JsonNode json() {
            return JsonMapper.shared().readTree(http.body());
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        String message() {
            return json().at("/error/message").asString();
        }

        String errorType() {
            return json().at("/error/type").asString();
        }

        String code() {
            return json().at("/error/details/error_code").asString("");
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
    }

    HttpRequest.Builder withKey(String path) {
        return to(path).header("Authorization", "Bearer " + KEY);
    }

    Answer send(HttpRequest.Builder request) {
        try {
            var answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer);
        } catch (IOException unreachable) {
            throw new AssertionError(unreachable);
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    Answer get(String path) {
        return send(withKey(path));
    }

    Answer post(String path, String body) {
        return send(withKey(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** All that the server answers to these bytes until it closes the connection. */
    String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
