package dev.handloom.session.export;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.log.RawLog;
import java.time.Instant;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The lines of an export, as text without line ends. */
final class Line {
    static final String FORMAT = "handloom-session-log";
    static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.shared();

    private Line() {}

    static String header(SessionId session, long head, Instant at, String product) {
        return JSON.createObjectNode()
                .put("format", FORMAT)
                .put("version", VERSION)
                .put("session", session.value())
                .put("head", head)
                .put("exported_at", at.toString())
                .put("product", product)
                .toString();
    }

    /** An event, its closing brace still missing: the hash follows. The payload stands in it text for text. */
    static String open(RawLog.Raw raw) {
        var line = JSON.createObjectNode()
                .put("position", raw.position())
                .put("id", raw.id())
                .put("type", ExactJson.read(raw.payload()).path("type").asString(""))
                .put("stored_type", raw.storedType())
                .put("revision", raw.revision())
                .put("at", raw.at().toString());
        var meta = line.putObject("meta");
        new TreeMap<>(raw.metaData()).forEach(meta::put);
        var text = line.toString();
        // In JSON a line end can only be white space between tokens.
        return text.substring(0, text.length() - 1) + ",\"payload\":"
                + raw.payload().text().replace('\n', ' ').replace('\r', ' ');
    }

    static String trailer(long events, String hash) {
        return JSON.createObjectNode().put("events", events).put("hash", hash).toString();
    }
}
