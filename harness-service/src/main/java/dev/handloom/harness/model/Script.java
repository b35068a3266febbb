package dev.handloom.harness.model;

import dev.handloom.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the rehearsal model says: the steps of the first rule whose {@code when} occurs in the user's last text, or else
 * {@code otherwise}. Step n answers the n-th request of a turn. The format is described in docs/REHEARSAL.md.
 */
record Script(List<Rule> rules, List<Step> otherwise) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int STEPS_MAX = 10_000;

    record Rule(String when, List<Step> steps) {}

    /**
     * @param say   pieces of text, streamed one by one
     * @param think pieces of thinking
     * @param pause before each piece
     * @param stop  the stop reason; null for tool_use or end_turn, as the calls have it
     * @param stopDetails comes with it, or null
     */
    record Step(
            List<String> think,
            List<String> say,
            List<Call> calls,
            Duration pause,
            long inputTokens,
            long outputTokens,
            @Nullable String stop,
            @Nullable Json stopDetails,
            @Nullable Fault fault
    ) {
        static final Step NOTHING = new Step(List.of(), List.of(), List.of(), Duration.ZERO, 0, 0, null, null, null);
    }

    record Call(String name, JsonNode input) {}

    /**
     * @param after how many pieces come before it
     * @param times how many attempts of the request meet it, the first ones
     * @param hang  nothing more comes, until the request is aborted
     */
    record Fault(Model.Kind kind, int after, int times, boolean hang, @Nullable Duration retryAfter) {}

    static Script builtIn() {
        try (var file = Script.class.getResourceAsStream("/rehearsal/demo.json")) {
            return of(JSON.readTree(Objects.requireNonNull(file)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Script read(Path file) {
        try {
            return of(JSON.readTree(Files.readString(file)));
        } catch (IOException | JacksonException unreadable) {
            throw new IllegalArgumentException("handloom.model.rehearsal cannot be read: " + file, unreadable);
        }
    }

    private static Script of(JsonNode script) {
        var rules = new ArrayList<Rule>();
        for (var rule : script.path("rules")) {
            rules.add(new Rule(rule.path("when").asString(""), steps(rule.path("steps"))));
        }
        return new Script(List.copyOf(rules), steps(script.path("otherwise")));
    }

    static List<Step> steps(JsonNode array) {
        if (array.size() > STEPS_MAX) {
            throw new IllegalArgumentException("a rehearsal may have at most " + STEPS_MAX + " steps");
        }
        var steps = new ArrayList<Step>();
        array.forEach(step -> steps.add(step(step)));
        return List.copyOf(steps);
    }

    private static Step step(JsonNode step) {
        var calls = new ArrayList<Call>();
        for (var call : step.path("call")) {
            calls.add(new Call(call.path("name").asString(""), call.path("input")));
        }
        var tokens = step.path("tokens");
        return new Step(pieces(step.path("think")), pieces(step.path("say")), List.copyOf(calls),
                Duration.ofMillis(step.path("pause_ms").asLong(0)), tokens.path("input").asLong(0),
                tokens.path("output").asLong(0),
                step.path("stop").isString() ? step.path("stop").asString() : null,
                step.path("stop_details").isObject() ? new Json(step.path("stop_details").toString()) : null,
                fault(step.path("fault")));
    }

    private static @Nullable Fault fault(JsonNode fault) {
        if (!fault.isObject()) {
            return null;
        }
        var kind = Model.Kind.valueOf(fault.path("kind").asString("unavailable").toUpperCase(Locale.ROOT));
        return new Fault(kind, fault.path("after").asInt(0), fault.path("times").asInt(Integer.MAX_VALUE),
                fault.path("hang").asBoolean(false),
                fault.has("retry_after_ms") ? Duration.ofMillis(fault.path("retry_after_ms").asLong(0)) : null);
    }

    private static List<String> pieces(JsonNode text) {
        if (text.isString()) {
            return List.of(text.asString());
        }
        var pieces = new ArrayList<String>();
        text.forEach(piece -> pieces.add(piece.asString("")));
        return List.copyOf(pieces);
    }

    /** @param userText what the user said last */
    List<Step> stepsFor(String userText) {
        for (var rule : rules) {
            if (userText.contains(rule.when())) {
                return rule.steps();
            }
        }
        return otherwise;
    }
}
