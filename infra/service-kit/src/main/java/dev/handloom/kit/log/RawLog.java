package dev.handloom.kit.log;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.LazyDeserializingObject;
import org.axonframework.serialization.SerializedMessage;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * A session's log, text for text: for copies, which must carry on even what this version does not understand. Positions
 * count 1..n as in {@link SessionLog}.
 */
public final class RawLog {
    /** How many rows one read fetches, so that a few long ones do not fill the memory. */
    private static final int FETCH = 25;

    private final LogEngine engine;
    private final Serializer serializer;

    RawLog(LogEngine engine, Serializer serializer) {
        this.engine = engine;
        this.serializer = serializer;
    }

    /**
     * An entry as its text.
     *
     * @param storedType the name of the class it was written from
     * @param bytes      the length of the payload as stored
     */
    public record Raw(
            long position,
            String id,
            String storedType,
            @Nullable String revision,
            Instant at,
            Map<String, String> metaData,
            Json payload,
            long bytes
    ) {}

    /**
     * The entries from a position on, oldest first: at least one where there is one, then as many as fit.
     *
     * @param limit    1 or more
     * @param bytesMax the slice ends with the entry that reaches this
     */
    public List<Raw> slice(SessionId session, long from, int limit, long bytesMax) {
        var slice = new ArrayList<Raw>();
        long bytes = 0;
        while (slice.size() < limit && bytes < bytesMax) {
            int wanted = Math.min(FETCH, limit - slice.size());
            var rows = engine.rows(session.value(), Math.max(1, from) - 1 + slice.size(), wanted);
            for (var row : rows) {
                if (bytes < bytesMax) {
                    slice.add(raw(row));
                    bytes += row.size();
                }
            }
            if (rows.size() < wanted) {
                break;
            }
        }
        return slice;
    }

    private Raw raw(Row row) {
        var metaData = new HashMap<String, String>();
        MetaData stored = serializer.deserialize(row.getMetaData());
        stored.forEach((name, value) -> metaData.put(name, String.valueOf(value)));
        return new Raw(row.seq() + 1, row.id(), row.type(), row.revision(), row.getTimestamp(), Map.copyOf(metaData),
                new Json(new String(row.payload(), StandardCharsets.UTF_8)), row.size());
    }

    /** Empty for a type that this version does not know. */
    public java.util.Optional<SessionEvent> read(SessionId session, Raw raw) {
        return message(session, raw).getPayload() instanceof SessionEvent event
                ? java.util.Optional.of(event)
                : java.util.Optional.empty();
    }

    private DomainEventMessage<?> message(SessionId session, Raw raw) {
        var payload = new SimpleSerializedObject<>(raw.payload().text().getBytes(StandardCharsets.UTF_8), byte[].class,
                raw.storedType(), raw.revision());
        var metaData = serializer.serialize(MetaData.from(raw.metaData()), byte[].class);
        var message = new SerializedMessage<>(raw.id(), new LazyDeserializingObject<>(payload, serializer),
                new LazyDeserializingObject<MetaData>(metaData, serializer));
        return new GenericDomainEventMessage<>(StoredSessionLog.STREAM_TYPE, session.value(), raw.position() - 1,
                message, raw.at());
    }

    /** An event as it would be stored. */
    public Raw write(long position, String id, SessionEvent event, Map<String, String> metaData) {
        var payload = serializer.serialize(event, byte[].class);
        return new Raw(position, id, payload.getType().getName(), payload.getType().getRevision(), event.at(), metaData,
                new Json(new String(payload.getData(), StandardCharsets.UTF_8)), payload.getData().length);
    }

    /**
     * Begins a log with these entries, all or none.
     *
     * @param entries at positions 1, 2, … without a gap
     * @return false when the session has a log already
     */
    public boolean begin(SessionId session, List<Raw> entries) {
        try {
            var messages = new ArrayList<DomainEventMessage<?>>(entries.size());
            for (var entry : entries) {
                var message = message(session, entry);
                var _ = message.getPayload(); // Read here, not by the log's writer, which others wait for.
                messages.add(message);
            }
            engine.appendEvents(messages);
            return true;
        } catch (org.axonframework.modelling.command.AggregateStreamCreationException
                | org.axonframework.modelling.command.ConcurrencyException taken) {
            return false;
        }
    }

    /** The position of the last entry, 0 for an unknown session. */
    public long head(SessionId session) {
        return engine.lastSequenceNumberFor(session.value()).map(seq -> seq + 1).orElse(0L);
    }
}
