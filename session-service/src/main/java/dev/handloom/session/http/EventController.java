package dev.handloom.session.http;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.Receipt;
import dev.handloom.kit.FailPoint;
import dev.handloom.kit.http.Cursor;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.PageCursor;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.session.read.EventPages;
import dev.handloom.session.read.EventView;
import dev.handloom.session.write.SessionState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** A session's events: send, and read the history (contract/README.md §2.5). */
@RestController
class EventController {
    private static final Paging.Limits LIMITS = new Paging.Limits(1000, 1000);
    /** What {@code types[]} may name (contract/events.md, counts). */
    private static final Set<String> TYPES = Set.of(
            "user.message", "user.interrupt", "user.tool_confirmation", "user.custom_tool_result", "user.tool_result",
            "user.define_outcome", "system.message", "agent.message", "agent.thinking", "agent.tool_use",
            "agent.tool_result", "agent.mcp_tool_use", "agent.mcp_tool_result", "agent.custom_tool_use",
            "agent.thread_context_compacted", "agent.thread_message_sent", "agent.thread_message_received",
            "session.status_running", "session.status_idle", "session.status_rescheduled",
            "session.status_terminated", "session.error", "session.updated", "session.usage",
            "session.thread_created", "session.thread_status_running", "session.thread_status_idle",
            "session.thread_status_rescheduled", "session.thread_status_terminated", "span.model_request_start",
            "span.model_request_end", "span.outcome_evaluation_start", "span.outcome_evaluation_ongoing",
            "span.outcome_evaluation_end", "workflow_run.created", "workflow_run.status_running",
            "workflow_run.status_idle", "workflow_run.phase_started", "workflow_run.phase_ended",
            "workflow_run.error", "workflow_run.status_ended");

    private final Desk desk;
    private final EventPages pages;

    EventController(Desk desk, EventPages pages) {
        this.desk = desk;
        this.pages = pages;
    }

    record Echo(List<ObjectNode> data) {}

    @PostMapping("/v1/sessions/{id}/events")
    Echo send(@PathVariable String id, Fields body, Once once) {
        var inputs = Inputs.sent(body.know("events"));
        FailPoint.ACCEPT.pass();
        List<Receipt> receipts = Objects.requireNonNull(desk.send(new SessionCommand.Send(Desk.id(id), inputs,
                once.given() ? new SessionCommand.Request(once.digest("send"), Once.digest(body)) : null)));
        var echoes = new ArrayList<ObjectNode>();
        for (int i = 0; i < inputs.size(); i++) {
            echoes.add(EventView.input(receipts.get(i).id(), inputs.get(i).input(), receipts.get(i).processedAt()));
        }
        return new Echo(echoes);
    }

    @GetMapping("/v1/sessions/{id}/events")
    PageCursor<ObjectNode> history(@PathVariable String id, Query query) {
        var types = Set.copyOf(query.all("types"));
        for (var type : types) {
            if (!TYPES.contains(type)) {
                throw Problem.invalid("types", "\"" + type + "\" is not an event type");
            }
        }
        return page(desk.find(id), new EventPages.Filter(types, query.times("created_at")), query);
    }

    PageCursor<ObjectNode> page(SessionState state, EventPages.Filter filter, Query query) {
        var paging = Paging.eitherWay(query, "events/" + state.id(), LIMITS, true).within(filter.times());
        var page = pages.page(state, filter, paging.ascending(), place(paging.from()), paging.limit());
        var last = page.last();
        return new PageCursor<>(page.events(), last == null
                ? null
                : new Cursor(paging.list(), paging.ascending(), false, last.at(), String.valueOf(last.number()))
                        .encode());
    }

    private static @Nullable Long place(@Nullable Cursor cursor) {
        try {
            return cursor == null ? null : Long.valueOf(cursor.id());
        } catch (NumberFormatException _) {
            throw Problem.invalid("page", "is not a cursor of this list");
        }
    }
}
