package dev.handloom.session.http;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.http.ApiSettings.UnknownFields;
import dev.handloom.kit.http.BodyLimit;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Once;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.session.export.BrokenExport;
import dev.handloom.session.export.Imports;
import dev.handloom.session.read.SessionView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sessions out of exports (docs/POSITIONS.md). */
@RestController
class ImportController {
    private static final String PATH = "/handloom/v1/sessions/import";
    private static final DataSize BODY_MAX = DataSize.ofMegabytes(256);

    private final Desk desk;
    private final Imports imports;
    private final Creations creations;
    private final SessionView view;

    ImportController(Desk desk, Imports imports, Creations creations, SessionView view) {
        this.desk = desk;
        this.imports = imports;
        this.creations = creations;
        this.view = view;
    }

    @Bean
    static BodyLimit exportsToImport() {
        return new BodyLimit(PATH, BODY_MAX);
    }

    @PostMapping(PATH)
    @ResponseStatus(HttpStatus.CREATED)
    ObjectNode take(Query query, Once once, HttpServletRequest request) throws IOException {
        boolean keepId = query.bool("keep_id", false);
        if (keepId && once.given()) {
            throw Problem.invalid(Once.HEADER, "has no use together with keep_id: an id is taken only once");
        }
        var arrived = read(request);
        var session = keepId ? kept(arrived) : made(arrived, once);
        var shown = view.session(desk.find(session.value()));
        shown.putObject("imported_from")
                .put("session_id", arrived.origin().value())
                .put("at", arrived.state().position())
                .put("hash", arrived.hash());
        return shown;
    }

    private Imports.Arrived read(HttpServletRequest request) throws IOException {
        var body = request.getInputStream();
        try {
            return imports.read(body);
        } catch (BrokenExport broken) {
            body.transferTo(OutputStream.nullOutputStream()); // A client that still writes would not hear the answer.
            throw Problem.invalid("line " + broken.line(), broken.reason());
        }
    }

    private SessionId kept(Imports.Arrived arrived) {
        if (!imports.store(arrived, arrived.origin(), null)) {
            throw Problem
                    .conflict("there is, or was, a session " + arrived.origin() + " here; without keep_id the import "
                            + "gets a new id");
        }
        return arrived.origin();
    }

    /** The hash stands for the body. */
    private SessionId made(Imports.Arrived arrived, Once once) {
        var body = new Fields("", JsonMapper.shared()
                .createObjectNode()
                .put("session", arrived.origin().value())
                .put("hash", arrived.hash()), UnknownFields.REFUSE);
        long recordedAt = arrived.state().position() + 2;
        var place = creations.find(once, "import", body, recordedAt);
        if (place.isNew() && !imports.store(arrived, place.id(), place.request())) {
            creations.find(once, "import", body, recordedAt); // Another was faster with the same key.
        }
        return place.id();
    }
}
