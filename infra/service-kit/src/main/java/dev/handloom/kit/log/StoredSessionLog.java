package dev.handloom.kit.log;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.seal.Seal;
import dev.handloom.kit.seal.SealedPayload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link SessionLog} over an engine. A session is one stream; its position is the sequence number plus one. */
class StoredSessionLog implements SessionLog {
    private static final Logger log = LoggerFactory.getLogger(StoredSessionLog.class);
    static final String STREAM_TYPE = "Session";
    /** As Axon's MessageOriginProvider names them. */
    private static final String CAUSATION = "correlationId";
    private static final String CORRELATION = "traceId";

    private final LogEngine engine;
    private final LogStreams streams;
    private final Seal seal;

    StoredSessionLog(LogEngine engine, LogStreams streams, Seal seal) {
        this.engine = engine;
        this.streams = streams;
        this.seal = seal;
    }

    @Override
    public Outcome append(SessionId session, long head, List<Writing> events) {
        try {
            engine.appendEvents(messages(session, head, events));
            return new Outcome.Appended(head + events.size());
        } catch (ConcurrencyException | AggregateStreamCreationException taken) {
            return isThere(session, head, events)
                    ? new Outcome.Duplicate(head + events.size())
                    : new Outcome.Conflict(head(session));
        } catch (StorageFull | LogUnavailable refused) {
            throw refused;
        } catch (EventStoreException unclear) {
            return new Outcome.Unknown(String.valueOf(unclear.getMessage()));
        }
    }

    private static List<DomainEventMessage<?>> messages(SessionId session, long head, List<Writing> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("nothing to append to " + session);
        }
        var messages = new ArrayList<DomainEventMessage<?>>();
        long seq = head;
        for (var writing : events) {
            if (!writing.event().sessionId().equals(session)) {
                throw new IllegalArgumentException("an event of " + writing.event().sessionId() + " for " + session);
            }
            var event = new GenericEventMessage<>(writing.id(), writing.event(), MetaData.from(writing.metaData()),
                    writing.event().at());
            messages.add(
                    new GenericDomainEventMessage<>(STREAM_TYPE, session.value(), seq++, event, event.getTimestamp()));
        }
        return messages;
    }

    private boolean isThere(SessionId session, long head, List<Writing> events) {
        for (int done = 0; done < events.size();) {
            var there = engine.rows(session.value(), head + done, Math.min(SLICE_MAX, events.size() - done));
            var wanted = events.subList(done, done + there.size());
            if (there.isEmpty()
                    || !there.stream().map(Row::id).toList().equals(wanted.stream().map(Writing::id).toList())) {
                return false;
            }
            done += there.size();
        }
        return true;
    }

    @Override
    public List<Entry> slice(SessionId session, long from, int limit) {
        check(limit);
        return engine.slice(session.value(), Math.max(1, from) - 1, limit)
                .stream()
                .map(StoredSessionLog::entry)
                .toList();
    }

    private static void check(int limit) {
        if (limit < 1 || limit > SLICE_MAX) {
            throw new IllegalArgumentException("limit must be 1 to " + SLICE_MAX + ", not " + limit);
        }
    }

    private static Entry entry(DomainEventMessage<?> message) {
        return new Entry(message.getSequenceNumber() + 1, (SessionEvent) message.getPayload());
    }

    @Override
    public List<Stored> stored(SessionId session, long from, int limit) {
        check(limit);
        return engine.rows(session.value(), Math.max(1, from) - 1, limit)
                .stream()
                .map(row -> stored(row, engine.read(row)))
                .toList();
    }

    private static Stored stored(Row row, DomainEventMessage<?> message) {
        var sealed = SealedPayload.of(row.payload());
        var metaData = new HashMap<String, String>();
        message.getMetaData().forEach((name, value) -> metaData.put(name, String.valueOf(value)));
        var causation = metaData.remove(CAUSATION);
        var correlation = metaData.remove(CORRELATION);
        return new Stored(row.seq() + 1, row.id(), row.type(), row.revision(), row.getTimestamp(), causation,
                correlation,
                metaData, row.size(), sealed == null ? null : sealed.blob(), (SessionEvent) message.getPayload());
    }

    @Override
    public long head(SessionId session) {
        return engine.lastSequenceNumberFor(session.value()).map(seq -> seq + 1).orElse(0L);
    }

    @Override
    public void erase(SessionId session) {
        seal.erase(session.value());
        if (!engine.erases()) {
            log.warn("the events of {} stay where they are: this log's engine cannot delete", session);
            return;
        }
        engine.lastSequenceNumberFor(session.value()).ifPresent(last -> engine.erase(session.value(), last - 1));
    }

    @Override
    public AutoCloseable tail(Consumer<Entry> listener) {
        return streams.listen(messages -> {
            for (var message : messages) {
                if (message instanceof DomainEventMessage<?> domain
                        && domain.getPayload() instanceof SessionEvent) {
                    listener.accept(entry(domain));
                }
            }
        });
    }
}
