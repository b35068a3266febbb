package dev.handloom.kit.log;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.seal.Seal;
import dev.handloom.kit.seal.SealedPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
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
    private static final Json ERASED = new Json("{\"type\":\"erased\"}");
    /** The only classes that are ever read into, whatever name a copied text gives. */
    private static final Set<String> KNOWN = Arrays.stream(SessionEvent.class.getPermittedSubclasses())
            .filter(type -> type != SessionEvent.Erased.class)
            .map(Class::getName)
            .collect(Collectors.toUnmodifiableSet());

    private final LogEngine engine;
    private final Serializer serializer;
    private final Seal seal;

    /** @param serializer as the engine's: it seals what it writes */
    RawLog(LogEngine engine, Serializer serializer, Seal seal) {
        this.engine = engine;
        this.serializer = serializer;
        this.seal = seal;
    }

    /**
     * An entry as its text.
     *
     * @param storedType the name of the class it was written from
     * @param payload    what was said, opened; only its type where the session's key is no more
     * @param bytes      the length of the payload, opened
     * @param blob       the SHA-256 under which the payload lies beside the log, if it does
     */
    public record Raw(
            long position,
            String id,
            String storedType,
            @Nullable String revision,
            Instant at,
            Map<String, String> metaData,
            Json payload,
            long bytes,
            @Nullable String blob
    ) {
        /** Whether it can no longer be known what was said. */
        public boolean isErased() {
            return payload.equals(ERASED);
        }
    }

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
            if (rows.isEmpty()) {
                break;
            }
        }
        return slice;
    }

    private Raw raw(Row row) {
        var metaData = new HashMap<String, String>();
        MetaData stored = serializer.deserialize(row.getMetaData());
        stored.forEach((name, value) -> metaData.put(name, String.valueOf(value)));
        var sealed = SealedPayload.of(row.payload());
        return new Raw(row.seq() + 1, row.id(), row.type(), row.revision(), row.getTimestamp(), Map.copyOf(metaData),
                seal.isErased(row.payload()) ? ERASED : json(seal.open(row.payload())), row.size(),
                sealed == null ? null : sealed.blob());
    }

    private static Json json(byte[] text) {
        return new Json(new String(text, StandardCharsets.UTF_8));
    }

    /** What it says, upcast as every read of the log is; nothing is stored for it. Empty for a type that is not known. */
    public Optional<SessionEvent> read(SessionId session, Raw raw) {
        if (!KNOWN.contains(raw.storedType())) {
            return Optional.empty();
        }
        var metaData = serializer.serialize(MetaData.from(raw.metaData()), byte[].class);
        var row = new Row(0, session.value(), raw.position() - 1, StoredSessionLog.STREAM_TYPE, raw.id(),
                raw.storedType(), raw.revision(), Row.sortable(raw.at()), metaData.getData(),
                raw.payload().text().getBytes(StandardCharsets.UTF_8));
        return engine.read(row).getPayload() instanceof SessionEvent event ? Optional.of(event) : Optional.empty();
    }

    private DomainEventMessage<?> message(SessionId session, Raw raw) {
        var sealed = seal.seal(session.value(), raw.payload().text().getBytes(StandardCharsets.UTF_8));
        var payload = new SimpleSerializedObject<>(sealed, byte[].class, raw.storedType(), raw.revision());
        var metaData = serializer.serialize(MetaData.from(raw.metaData()), byte[].class);
        var message = new SerializedMessage<>(raw.id(), new LazyDeserializingObject<>(payload, serializer),
                new LazyDeserializingObject<MetaData>(metaData, serializer));
        return new GenericDomainEventMessage<>(StoredSessionLog.STREAM_TYPE, session.value(), raw.position() - 1,
                message, raw.at());
    }

    /** An event as it would be stored. */
    public Raw write(long position, String id, SessionEvent event, Map<String, String> metaData) {
        var payload = serializer.serialize(event, byte[].class);
        var open = seal.open(payload.getData());
        return new Raw(position, id, payload.getType().getName(), payload.getType().getRevision(), event.at(), metaData,
                json(open), open.length, null);
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
        } catch (AggregateStreamCreationException | ConcurrencyException taken) {
            return false;
        }
    }

    /** The position of the last entry, 0 for an unknown session. */
    public long head(SessionId session) {
        return engine.lastSequenceNumberFor(session.value()).map(seq -> seq + 1).orElse(0L);
    }
}
