package dev.handloom.session.http;

import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.session.fork.Forks;
import dev.handloom.session.read.Rewinds;
import dev.handloom.session.read.SessionView;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Forks (docs/POSITIONS.md). */
@RestController
class ForkController {
    private static final int TITLE_CHARS_MAX = 2048;

    private final Desk desk;
    private final Rewinds rewinds;
    private final Forks forks;
    private final Creations creations;
    private final SessionView view;

    ForkController(Desk desk, Rewinds rewinds, Forks forks, Creations creations, SessionView view) {
        this.desk = desk;
        this.rewinds = rewinds;
        this.forks = forks;
        this.creations = creations;
        this.view = view;
    }

    @PostMapping("/handloom/v1/sessions/{id}/fork")
    @ResponseStatus(HttpStatus.CREATED)
    ObjectNode fork(@PathVariable String id, Fields body, Once once) {
        body.only("at", "title", "metadata");
        var at = body.optionalInteger("at", Long.MIN_VALUE, Long.MAX_VALUE);
        if (at == null) {
            throw body.invalid("at", "is required");
        }
        var title = body.optionalString("title", TITLE_CHARS_MAX);
        var metadata = body.metadata("metadata");
        var kind = "fork " + id;
        long recordedAt = at + 2;
        var fork = creations.find(once, kind, body, recordedAt);
        if (fork.isNew()) {
            var now = desk.find(id);
            LogController.requireWithin(at, now.position());
            var then = at == now.position() ? now : rewinds.at(now.id(), at).orElseThrow(() -> Desk.missing(id));
            boolean made = forks.fork(then, fork.id(), body.has("title") ? title : then.title(),
                    body.has("metadata") ? metadata : then.metadata(), fork.request());
            if (!made) {
                creations.find(once, kind, body, recordedAt); // Another was faster with the same key.
            }
        }
        var shown = view.session(desk.find(fork.id().value()));
        shown.putObject("forked_from").put("session_id", id).put("at", at);
        return shown;
    }
}
