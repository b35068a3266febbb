package dev.handloom.harness.model;

import dev.handloom.api.session.Tokens;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks the Messages API to whatever server the settings name. Thin on purpose: it sends exact bytes and keeps exact
 * blocks, which a typed client does not. Retries are the log's business, not the client's.
 */
final class MessagesModel implements Model {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String VERSION = "2023-06-01";
    private static final String FAST_MODE = "fast-mode-2026-02-01";
    private static final int MESSAGE_CHARS_MAX = 1000;

    private final ModelSettings settings;
    private final HttpClient http;
    private final Bulkhead requests;
    /** Ids of models that were seen to refuse them; as few as there are models. */
    private final Set<String> withoutSystemRole = ConcurrentHashMap.newKeySet();

    MessagesModel(ModelSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.requests = Bulkhead.of("model", BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrentRequests())
                .maxWaitDuration(settings.queueWait())
                .fairCallHandlingStrategyEnabled(true)
                .build());
    }

    @Override
    public String describe() {
        return settings.base();
    }

    @Override
    public Answer ask(Request request, Listener listener) throws Failed, InterruptedException {
        if (!requests.tryAcquirePermission()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new Failed(Kind.OVERLOADED, "too many model requests wait already", Tokens.NONE, null);
        }
        try {
            return send(request, listener);
        } finally {
            requests.releasePermission();
        }
    }

    /** Some models take no system messages between the others; then the user speaks them (contract/events.md §2). */
    private Answer send(Request request, Listener listener) throws Failed, InterruptedException {
        boolean systemRole = !withoutSystemRole.contains(request.modelId())
                && request.messages().stream().anyMatch(message -> message.role().equals("system"));
        try {
            return exchange(request, systemRole, new Draft(listener));
        } catch (Failed failed) {
            if (!systemRole || failed.kind() != Kind.REJECTED) {
                throw failed;
            }
        }
        var answer = exchange(request, false, new Draft(listener));
        withoutSystemRole.add(request.modelId());
        return answer;
    }

    private Answer exchange(Request request, boolean systemRole, Draft draft) throws Failed, InterruptedException {
        try {
            var response = http.send(post(request, systemRole), _ -> new ByteStream(
                    settings.idleTimeout(), settings.answerWithin(), settings.answerMax().toBytes()));
            try (var body = response.body()) {
                if (response.statusCode() != 200) {
                    throw refused(response.statusCode(), response.headers(), body);
                }
                return response.headers().firstValue("content-type").orElse("").startsWith("application/json")
                        ? whole(body, draft)
                        : streamed(body, draft);
            }
        } catch (IOException | JacksonException broken) {
            throw new Failed(Kind.UNAVAILABLE, describe(broken), draft.tokens(), null);
        }
    }

    private HttpRequest post(Request request, boolean systemRole) {
        var body = RequestBody.of(request, settings.maxTokens(), systemRole, settings.cacheMarks());
        var post = authorized(HttpRequest.newBuilder(settings.uri("/v1/messages")))
                .header("content-type", "application/json")
                .timeout(settings.idleTimeout())
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if ("fast".equals(request.speed())) {
            post.header("anthropic-beta", FAST_MODE);
        }
        return post.build();
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request) {
        request.header("anthropic-version", VERSION);
        if (settings.apiKey() != null) {
            request.header("x-api-key", settings.apiKey());
        } else if (settings.authToken() != null) {
            request.header("authorization", "Bearer " + settings.authToken());
        }
        return request;
    }

    private static Answer whole(ByteStream body, Draft draft) throws IOException, InterruptedException {
        draft.whole(new String(body.readAll(), StandardCharsets.UTF_8));
        return draft.finish();
    }

    private static Answer streamed(ByteStream body, Draft draft) throws IOException, InterruptedException, Failed {
        var frames = new Frames(body);
        for (var frame = frames.next(); frame != null; frame = frames.next()) {
            if (frame.equals("[DONE]")) {
                break;
            }
            var event = JSON.readTree(frame);
            int index = event.path("index").asInt(0);
            switch (event.path("type").asString("")) {
                case "message_start" -> draft.startMessage(event.path("message"));
                case "content_block_start" -> draft.startBlock(index, part("content_block", frame));
                case "content_block_delta" -> draft.grow(index, part("delta", frame));
                case "content_block_stop" -> draft.endBlock(index);
                case "message_delta" -> draft.changeMessage(event);
                case "message_stop" -> {
                    return draft.finish();
                }
                case "error" -> throw failed(event, 0, draft.tokens(), null);
                default -> {}
            }
        }
        return draft.finish();
    }

    private static String part(String name, String frame) throws IOException {
        var part = Written.members(frame).getOrDefault(name, "");
        if (!Written.isObject(part)) {
            throw new IOException("an event of the stream lacks its " + name);
        }
        return part;
    }

    private static Failed refused(int status, HttpHeaders headers, ByteStream body) throws InterruptedException {
        JsonNode error;
        try {
            error = JSON.readTree(body.readAll());
        } catch (IOException | JacksonException _) {
            error = JSON.createObjectNode();
        }
        return failed(error, status, Tokens.NONE, retryAfter(headers));
    }

    /** @param status 0 for an error inside a stream, where only its type tells what it is */
    private static Failed failed(JsonNode envelope, int status, Tokens spent, @Nullable Duration retryAfter) {
        var error = envelope.path("error");
        var type = error.path("type").asString("");
        var kind = switch (status) {
            case 0 -> ofType(type);
            case 429 -> Kind.RATE_LIMITED;
            case 529 -> Kind.OVERLOADED;
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 402 -> Kind.BILLING;
            case 408, 409 -> Kind.UNAVAILABLE;
            default -> status >= 500 ? Kind.UNAVAILABLE : Kind.REJECTED;
        };
        var message = error.path("message").asString("");
        return new Failed(kind, "the model's server answered " + (status == 0 ? "" : status + " ") + type
                + (message.isEmpty() ? "" : ": " + message.substring(0, Math.min(message.length(), MESSAGE_CHARS_MAX))),
                spent, retryAfter);
    }

    private static Kind ofType(String type) {
        return switch (type) {
            case "rate_limit_error" -> Kind.RATE_LIMITED;
            case "overloaded_error" -> Kind.OVERLOADED;
            case "authentication_error", "permission_error" -> Kind.UNAUTHORIZED;
            case "billing_error" -> Kind.BILLING;
            case "invalid_request_error", "not_found_error", "request_too_large" -> Kind.REJECTED;
            default -> Kind.UNAVAILABLE;
        };
    }

    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        try {
            var millis = headers.firstValue("retry-after-ms");
            if (millis.isPresent()) {
                return Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(millis.get()))));
            }
            var seconds = headers.firstValue("retry-after");
            return seconds.isPresent()
                    ? Duration.ofMillis(Math.max(0, Math.round(Double.parseDouble(seconds.get()) * 1000)))
                    : null;
        } catch (NumberFormatException _) {
            // A date: rare, and our own wait is as good.
            return null;
        }
    }

    private static String describe(Exception broken) {
        return broken instanceof JacksonException
                ? "the model's server sent something that is not JSON"
                : "the model could not be reached or broke off: " + broken;
    }

    /** The server's own list of models, as it sends it. */
    @Override
    public JsonNode models() throws IOException, InterruptedException {
        var response = http.send(authorized(HttpRequest.newBuilder(settings.uri("/v1/models?limit=1000")))
                .timeout(settings.connectTimeout())
                .build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() != 200) {
            throw new IOException("the model's server answered " + response.statusCode());
        }
        return JSON.readTree(response.body());
    }
}
