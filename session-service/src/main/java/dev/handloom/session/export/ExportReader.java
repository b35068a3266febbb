package dev.handloom.session.export;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.RawLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads an export line by line and refuses, with a {@link BrokenExport}, the first that does not hold. */
final class ExportReader {
    private static final int DEPTH_MAX = 100;
    private static final Pattern REVISION = Pattern.compile("\\w{1,32}");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(Lines.LINE_MAX)
                    .build())
            .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Lines lines;
    private final Chain chain = new Chain();
    private final SessionId session;
    private final long head;
    private long events;

    /** Reads the header. */
    ExportReader(InputStream in) throws IOException {
        lines = new Lines(in);
        var header = json(line("the header"));
        if (!text(header, "format").equals(Line.FORMAT)) {
            throw broken("format must be " + Line.FORMAT);
        }
        if (number(header, "version") != Line.VERSION) {
            throw broken("version must be " + Line.VERSION);
        }
        try {
            session = new SessionId(text(header, "session"));
        } catch (IllegalArgumentException none) {
            throw broken(String.valueOf(none.getMessage()));
        }
        head = number(header, "head");
    }

    /** Whose log it is, as its header says. */
    SessionId session() {
        return session;
    }

    /** The hash of the events so far. */
    String hash() {
        return chain.hash();
    }

    long events() {
        return events;
    }

    BrokenExport broken(String reason) {
        return new BrokenExport(lines.number(), reason);
    }

    /** The next event as it was stored; null after the last, once the trailer has been found right. */
    RawLog.@Nullable Raw next() throws IOException {
        var line = line("the trailer");
        var json = json(line);
        if (json.has("events")) {
            finish(json);
            return null;
        }
        if (!chain.takes(line)) {
            throw broken("its hash does not follow from the line and those before it");
        }
        var raw = raw(json);
        events++;
        if (raw.position() != events) {
            throw broken("position " + raw.position() + " stands where " + events + " must be");
        }
        return raw;
    }

    private void finish(JsonNode trailer) throws IOException {
        if (number(trailer, "events") != events || head != events) {
            throw broken(events + " events are there; the header says " + head + ", the trailer "
                    + trailer.path("events"));
        }
        if (!text(trailer, "hash").equals(chain.hash())) {
            throw broken("its hash is not that of the last event");
        }
        if (lines.next() != null) {
            throw broken("nothing may follow the trailer");
        }
    }

    private RawLog.Raw raw(JsonNode line) {
        var revision = line.path("revision").isNull() ? null : text(line, "revision");
        if (revision != null && !REVISION.matcher(revision).matches()) {
            throw broken("revision must be 1 to 32 letters and digits, or null");
        }
        var payload = line.path("payload");
        if (!payload.isObject() || !payload.path("type").asString("").equals(text(line, "type"))) {
            throw broken("payload must be an object of the line's type");
        }
        var text = payload.toString();
        return new RawLog.Raw(number(line, "position"), text(line, "id"), text(line, "stored_type"), revision,
                time(text(line, "at")), meta(line.path("meta")), new Json(text), text.length(), null);
    }

    private Map<String, String> meta(JsonNode given) {
        var meta = new HashMap<String, String>();
        if (!given.isObject()) {
            throw broken("meta must be an object");
        }
        for (var member : given.properties()) {
            meta.put(member.getKey(), text(given, member.getKey()));
        }
        return meta;
    }

    private Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            throw broken("at must be a time, such as 2026-01-31T12:00:00Z");
        }
    }

    private byte[] line(String expected) throws IOException {
        var line = lines.next();
        if (line == null) {
            throw broken(expected + " is missing: the export is not whole");
        }
        return line;
    }

    private JsonNode json(byte[] line) {
        try {
            var json = JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString());
            if (json.isObject()) {
                return json;
            }
            throw broken("it must be a JSON object");
        } catch (CharacterCodingException _) {
            throw broken("it is not valid UTF-8");
        } catch (JacksonException malformed) {
            throw broken("it is not valid JSON: " + malformed.getOriginalMessage());
        }
    }

    private String text(JsonNode line, String name) {
        if (!line.path(name).isString()) {
            throw broken(name + " must be a string");
        }
        return line.path(name).asString();
    }

    private long number(JsonNode line, String name) {
        if (!line.path(name).canConvertToLong() || !line.path(name).isIntegralNumber()) {
            throw broken(name + " must be a whole number");
        }
        return line.path(name).asLong();
    }
}
