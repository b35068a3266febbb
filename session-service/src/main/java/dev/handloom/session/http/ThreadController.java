package dev.handloom.session.http;

import dev.handloom.kit.http.PageCursor;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.kit.http.Query.TimeRange;
import dev.handloom.session.read.EventPages;
import dev.handloom.session.read.SessionView;
import dev.handloom.session.write.SessionState;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** A session's threads: the primary one, which every session has from its creation (contract/README.md §2.6). */
@RestController
@RequestMapping("/v1/sessions/{id}/threads")
class ThreadController {
    private static final Paging.Limits LIMITS = new Paging.Limits(1000, 1000);

    private final Desk desk;
    private final SessionView view;
    private final EventController events;

    ThreadController(Desk desk, SessionView view, EventController events) {
        this.desk = desk;
        this.view = view;
        this.events = events;
    }

    @GetMapping
    PageCursor<ObjectNode> list(@PathVariable String id, Query query) {
        var state = desk.find(id);
        Paging.newestFirst(query, "threads/" + id, LIMITS);
        var statuses = SessionController.statuses(query);
        boolean wanted = statuses.isEmpty() || statuses.contains(SessionView.status(state));
        return new PageCursor<>(wanted ? List.of(view.primaryThread(state)) : List.of(), null);
    }

    @GetMapping("/{threadId}")
    ObjectNode read(@PathVariable String id, @PathVariable String threadId) {
        return view.primaryThread(find(id, threadId));
    }

    @PostMapping("/{threadId}/archive")
    ObjectNode archive(@PathVariable String id, @PathVariable String threadId) {
        find(id, threadId);
        throw Problem.invalid("the primary thread is archived with its session: POST /v1/sessions/" + id + "/archive");
    }

    @GetMapping("/{threadId}/events")
    PageCursor<ObjectNode> history(@PathVariable String id, @PathVariable String threadId, Query query) {
        return events.page(find(id, threadId), new EventPages.Filter(Set.of(), TimeRange.ALL), query);
    }

    private SessionState find(String id, String threadId) {
        var state = desk.find(id);
        if (!state.threadId().equals(threadId)) {
            throw Problem.missing("session " + id + " has no thread " + threadId);
        }
        return state;
    }
}
