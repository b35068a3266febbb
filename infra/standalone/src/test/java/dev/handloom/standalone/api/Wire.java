package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to a server on this machine, properly or, through {@link #raw}, as badly as asked. */
record Wire(int port, String key, HttpClient http) {
    /** Longer than anything takes here; then a test fails instead of waiting for ever. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    Wire(int port, String key) {
        this(port, key, HttpClient.newHttpClient());
    }

    /** An answer whose body is JSON. */
    record Answer(HttpResponse<String> http) {
        int status() {
            return http.statusCode();
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(http.body());
        }

        String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        String errorType() {
            return json().at("/error/type").asString("");
        }

        String message() {
            return json().at("/error/message").asString("");
        }

        String code() {
            return json().at("/error/details/error_code").asString("");
        }

        String id() {
            return json().path("id").asString();
        }

        /** Asserts that this is an error in the contract's envelope (contract/README.md §1.8). */
        void assertRefused(int status, String type) {
            assertThat(status()).as(http.body()).isEqualTo(status);
            assertThat(json().path("type").asString()).isEqualTo("error");
            assertThat(errorType()).isEqualTo(type);
            assertThat(message()).isNotEmpty();
            assertThat(header("request-id")).matches("req_01\\w{22}");
            assertThat(json().path("request_id").asString()).isEqualTo(header("request-id"));
            assertThat(header("Content-Type")).startsWith("application/json");
        }

        /** The ids of a list's entries. */
        List<String> ids() {
            return StreamSupport.stream(json().path("data").spliterator(), false)
                    .map(entry -> entry.path("id").asString())
                    .toList();
        }
    }

    String base() {
        return "http://127.0.0.1:" + port;
    }

    /** A request without a key. */
    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base() + path)).timeout(PATIENCE);
    }

    HttpRequest.Builder withKey(String path) {
        return to(path).header("Authorization", "Bearer " + key);
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(http.sendAsync(request.build(), BodyHandlers.ofString())
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException unanswered) {
            throw new AssertionError(unanswered);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    Answer get(String path) {
        return send(withKey(path));
    }

    Answer post(String path, String body) {
        return send(withKey(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    /** With neither a body nor a type, as the SDKs archive. */
    Answer post(String path) {
        return send(withKey(path).POST(BodyPublishers.noBody()));
    }

    Answer delete(String path) {
        return send(withKey(path).DELETE());
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
