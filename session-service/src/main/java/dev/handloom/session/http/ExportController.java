package dev.handloom.session.http;

import dev.handloom.kit.http.BodyLimit;
import dev.handloom.kit.log.RawLog;
import dev.handloom.session.export.Exports;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.context.annotation.Bean;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Logs as files, and whether they are sound (docs/POSITIONS.md). */
@RestController
@RequestMapping("/handloom/v1/sessions")
class ExportController {
    private static final int BUFFER = 1 << 16;
    /** An export that is only checked is never held, so it may be longer than one that is imported. */
    private static final DataSize CHECKED_MAX = DataSize.ofGigabytes(1);

    private final RawLog log;
    private final Exports exports;

    ExportController(RawLog log, Exports exports) {
        this.log = log;
        this.exports = exports;
    }

    @Bean
    static BodyLimit exportsToCheck() {
        return new BodyLimit("/handloom/v1/sessions/verify", CHECKED_MAX);
    }

    @GetMapping("/{id}/export")
    void export(@PathVariable String id, HttpServletResponse response) throws IOException {
        var session = Desk.id(id);
        long head = LogLine.requireThere(log, session);
        response.setContentType("application/jsonl");
        response.setHeader("Content-Disposition", "attachment; filename=\"" + session + ".jsonl\"");
        var out = new BufferedOutputStream(response.getOutputStream(), BUFFER);
        exports.write(session, head, out);
        out.flush();
    }

    @GetMapping("/{id}/verify")
    ObjectNode verify(@PathVariable String id) {
        var session = Desk.id(id);
        return shown("head", "position", exports.verify(session, LogLine.requireThere(log, session)));
    }

    @PostMapping("/verify")
    ObjectNode check(HttpServletRequest request) throws IOException {
        var body = request.getInputStream();
        var verdict = exports.check(body);
        body.transferTo(OutputStream.nullOutputStream()); // A client that still writes would not hear the answer.
        return shown("events", "line", verdict);
    }

    private static ObjectNode shown(String count, String where, Exports.Verdict verdict) {
        var shown = JsonMapper.shared()
                .createObjectNode()
                .put(count, verdict.events())
                .put("hash", verdict.hash())
                .put("ok", verdict.broken() == null);
        return verdict.broken() == null
                ? shown
                : shown.put(where, verdict.broken()).put("problem", verdict.problem());
    }
}
