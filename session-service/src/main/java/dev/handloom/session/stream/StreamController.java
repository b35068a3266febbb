package dev.handloom.session.stream;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.session.read.States;
import dev.handloom.session.write.SessionState;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The live stream of a session or its primary thread, as server-sent events (contract/events.md §9). Begins with what
 * happens from now on, or, with {@code Last-Event-ID: <position>}, right after that position. Each client has a virtual
 * thread of its own.
 */
@RestController
class StreamController {
    private static final Set<String> PREVIEWED = Set.of("agent.message", "agent.thinking");
    private static final int EVENT_DELTAS_MAX = 100;
    /** How far back the end of a terminated session is looked for. */
    private static final int END_WITHIN = 10;

    private final Hub hub;
    private final States states;
    private final SessionLog log;

    StreamController(Hub hub, States states, SessionLog log) {
        this.hub = hub;
        this.states = states;
        this.log = log;
    }

    @GetMapping("/v1/sessions/{id}/events/stream")
    void stream(@PathVariable String id, Query query, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        stream(find(id), query, request, response);
    }

    @GetMapping("/v1/sessions/{id}/threads/{threadId}/stream")
    void threadStream(
            @PathVariable String id,
            @PathVariable String threadId,
            Query query,
            HttpServletRequest request,
            HttpServletResponse response
    ) throws IOException, InterruptedException {
        var state = find(id);
        if (!state.threadId().equals(threadId)) {
            throw Problem.missing("session " + id + " has no thread " + threadId);
        }
        stream(state, query, request, response);
    }

    private SessionState find(String id) {
        try {
            return states.now(new SessionId(id)).orElseThrow(() -> missing(id));
        } catch (IllegalArgumentException _) {
            throw missing(id);
        }
    }

    private static Problem missing(String id) {
        return Problem.missing("session " + id + " was not found");
    }

    private void stream(SessionState state, Query query, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        var previews = previews(query);
        var resumeAfter = lastEventId(request.getHeader("Last-Event-ID"));
        var watcher = hub.watch(state.id());
        try {
            long after = resumeAfter != null ? Math.min(resumeAfter, log.head(state.id())) : log.head(state.id());
            response.setContentType("text/event-stream");
            response.setCharacterEncoding("UTF-8");
            response.setHeader("Cache-Control", "no-cache");
            response.setHeader("X-Accel-Buffering", "no");
            response.flushBuffer();
            if (request.getMethod().equals("HEAD")) {
                return; // Nobody reads on, and no write would ever fail to say so.
            }
            if (resumeAfter == null && state.status() == SessionState.Status.TERMINATED) {
                after = Math.min(after, endOf(state.id(), after) - 1);
            }
            watcher.pump(after, previews, response.getOutputStream());
        } catch (IOException gone) {
            // The client hung up: the usual end of a stream.
        } finally {
            hub.leave(watcher);
        }
    }

    /** A client that comes after the end is told of it, or it would come back for ever (open-questions.md A8). */
    private long endOf(SessionId session, long head) {
        for (var entry : log.slice(session, Math.max(1, head - END_WITHIN), END_WITHIN + 1).reversed()) {
            if (entry.event() instanceof SessionEvent.StatusTerminated) {
                return entry.position();
            }
        }
        return head + 1;
    }

    private static Set<String> previews(Query query) {
        var wanted = query.all("event_deltas");
        if (wanted.size() > EVENT_DELTAS_MAX) {
            throw Problem.invalid("event_deltas", "may have at most " + EVENT_DELTAS_MAX + " values");
        }
        for (var type : wanted) {
            if (!PREVIEWED.contains(type)) {
                throw Problem.invalid("event_deltas", "must be agent.message or agent.thinking, not \"" + type + "\"");
            }
        }
        return Set.copyOf(wanted);
    }

    private static @Nullable Long lastEventId(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return null;
        }
        try {
            long position = Long.parseLong(header.strip());
            if (position >= 0) {
                return position;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw Problem.invalid("Last-Event-ID", "must be a position, as the stream's id lines give it");
    }
}
