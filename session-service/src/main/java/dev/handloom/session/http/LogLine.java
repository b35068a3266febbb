package dev.handloom.session.http;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.log.RawLog;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A stored event as the log shows it. */
final class LogLine {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** As Axon's MessageOriginProvider names them. */
    private static final String CAUSATION = "correlationId";
    private static final String CORRELATION = "traceId";

    private LogLine() {}

    /** @return the head of the log of a session that exists */
    static long requireThere(RawLog log, SessionId session) {
        long head = log.head(session);
        var last = head == 0 ? null : log.slice(session, head, 1, Long.MAX_VALUE).getFirst();
        if (last == null || last.storedType().equals(SessionEvent.Deleted.class.getName())) {
            throw Desk.missing(session);
        }
        return head;
    }

    static ObjectNode of(RawLog.Raw raw) {
        var payload = ExactJson.read(raw.payload());
        var line = JSON.createObjectNode()
                .put("position", raw.position())
                .put("id", raw.id())
                .put("api_id", apiId(payload))
                .put("type", payload.path("type").asString(""))
                .put("revision", raw.revision())
                .put("at", raw.at().toString())
                .put("causation_id", raw.metaData().get(CAUSATION))
                .put("correlation_id", raw.metaData().get(CORRELATION))
                .put("copied_from", raw.metaData().get(SessionLog.COPIED_FROM))
                .put("bytes", raw.bytes())
                .put("blob", raw.blob());
        line.set("payload", payload);
        return line;
    }

    private static @Nullable String apiId(JsonNode payload) {
        for (var at : new String[]{"/id", "/output/id", "/use/id"}) {
            if (payload.at(at).isString()) {
                return payload.at(at).asString();
            }
        }
        return null;
    }
}
