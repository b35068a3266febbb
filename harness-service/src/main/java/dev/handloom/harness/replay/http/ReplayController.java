package dev.handloom.harness.replay.http;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.context.strategy.PolicyFields;
import dev.handloom.harness.replay.Comparison;
import dev.handloom.harness.replay.LogRecording;
import dev.handloom.harness.replay.Options;
import dev.handloom.harness.replay.Prices;
import dev.handloom.harness.replay.Recording;
import dev.handloom.harness.replay.Recordings;
import dev.handloom.harness.replay.Suggested;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/**
 * Puts recorded sessions through other context strategies. Computed while the client waits, one at a time; the limits are
 * {@link Comparison#CALLS_MAX}, {@link Recordings#SESSIONS_MAX} and the API's own on bodies.
 */
@RestController
@RequestMapping("/handloom/v1/replays")
class ReplayController {
    private static final String MARKDOWN = "text/markdown";
    private static final int SESSIONS_MAX = 100;
    private static final int ID_CHARS_MAX = 128;
    private static final int EVENTS_MAX = 200_000;
    private static final int NAME_CHARS_MAX = 64;

    private final SessionLog log;
    private final Semaphore one = new Semaphore(1);

    ReplayController(SessionLog log) {
        this.log = log;
    }

    @PostMapping
    ResponseEntity<String> replay(
            Fields body,
            @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable String accept
    ) {
        body.only("mode", "sessions", "file", "strategies", "window_tokens", "note_tokens", "prices");
        if ("live".equals(body.optionalOneOf("mode", "view", "live"))) {
            throw Problem.notBuilt("mode live, which asks a model again on a fork of the session; mode view asks none");
        }
        var window = body.optionalInteger("window_tokens", Options.WINDOW_LEAST, Options.WINDOW_MOST);
        var note = body.optionalInteger("note_tokens", 1, Options.NOTE_MOST);
        var options = new Options(window == null ? Options.WINDOW_USUAL : window,
                note == null ? Options.NOTE_USUAL : note.intValue(), prices(body.optionalObject("prices")));
        var policies = policies(body, options.windowTokens());
        var recordings = recordings(body);
        if (Comparison.calls(recordings, policies) > Comparison.CALLS_MAX) {
            throw Problem.invalid("strategies", "times model requests are more than " + Comparison.CALLS_MAX);
        }
        if (!one.tryAcquire()) {
            throw Problem.unavailable("another replay is under way; try again when it is done");
        }
        try {
            return answer(Comparison.of(recordings, policies, options), accept != null && accept.contains(MARKDOWN));
        } finally {
            one.release();
        }
    }

    private static ResponseEntity<String> answer(Comparison comparison, boolean markdown) {
        return markdown
                ? ResponseEntity.ok()
                        .contentType(MediaType.parseMediaType(MARKDOWN + ";charset=UTF-8"))
                        .body(comparison.markdown())
                : ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(comparison.json().toString());
    }

    private static @Nullable Prices prices(@Nullable Fields given) {
        if (given == null) {
            return null;
        }
        given.only("input", "cache_read", "cache_write", "output");
        return new Prices(price(given, "input"), price(given, "cache_read"), price(given, "cache_write"),
                price(given, "output"));
    }

    private static double price(Fields prices, String name) {
        var value = prices.value(name);
        if (value == null || !value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1_000_000) {
            throw prices.invalid(name, "must be US dollars for a million tokens, 0 to 1000000");
        }
        return value.doubleValue();
    }

    private static List<Policy> policies(Fields body, long windowTokens) {
        var given = body.value("strategies");
        if (given == null) {
            return Suggested.NAMES.stream().map(name -> Suggested.of(name, windowTokens)).toList();
        }
        if (!given.isArray() || given.isEmpty() || given.size() > Comparison.STRATEGIES_MAX) {
            throw body.invalid("strategies", "must be an array of 1 to " + Comparison.STRATEGIES_MAX
                    + " names or policies");
        }
        var policies = new ArrayList<Policy>();
        for (var one : given) {
            policies.add(policy("strategies[" + policies.size() + "]", one, windowTokens));
        }
        return policies;
    }

    private static Policy policy(String path, JsonNode given, long windowTokens) {
        if (!given.isString()) {
            return PolicyFields.read(path, given);
        }
        var name = given.stringValue();
        if (!Suggested.NAMES.contains(name)) {
            throw Problem.invalid(path, "is not the name of a strategy: "
                    + name.substring(0, Math.min(NAME_CHARS_MAX, name.length())));
        }
        return Suggested.of(name, windowTokens);
    }

    private List<Recording> recordings(Fields body) {
        var sessions = body.strings("sessions", SESSIONS_MAX, ID_CHARS_MAX);
        var file = body.optionalString("file", Integer.MAX_VALUE);
        if (sessions.isEmpty() == (file == null)) {
            throw Problem.invalid("either sessions or file must be given");
        }
        if (file == null) {
            return sessions.stream().map(this::recording).toList();
        }
        try {
            return Recordings.read(file);
        } catch (Recordings.Unreadable unreadable) {
            throw body.invalid("file", String.valueOf(unreadable.getMessage()));
        }
    }

    private Recording recording(String id) {
        var events = new ArrayList<SessionEvent>();
        int read;
        do {
            var slice = log.slice(session(id), events.size() + 1L, SessionLog.SLICE_MAX);
            slice.forEach(entry -> events.add(entry.event()));
            read = slice.size();
            if (events.size() > EVENTS_MAX) {
                throw Problem.invalid("sessions", id + " has more than " + EVENTS_MAX + " events");
            }
        } while (read == SessionLog.SLICE_MAX);
        if (events.isEmpty() || !(events.getFirst() instanceof SessionEvent.Created)) {
            throw Problem.missing("session " + id + " was not found");
        }
        return LogRecording.of(events);
    }

    private static SessionId session(String id) {
        try {
            return new SessionId(id);
        } catch (IllegalArgumentException _) {
            throw Problem.missing("session " + id + " was not found");
        }
    }
}
