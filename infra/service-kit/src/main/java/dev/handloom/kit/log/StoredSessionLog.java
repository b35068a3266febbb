package dev.handloom.kit.log;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.List;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;

/** {@link SessionLog} over the event file. A session is one stream; its position is the sequence number plus one. */
class StoredSessionLog implements SessionLog {
    private final SqliteEngine engine;
    private final LogStreams streams;

    StoredSessionLog(SqliteEngine engine, LogStreams streams) {
        this.engine = engine;
        this.streams = streams;
    }

    @Override
    public List<Entry> slice(SessionId session, long from, int limit) {
        if (limit < 1 || limit > SLICE_MAX) {
            throw new IllegalArgumentException("limit must be 1 to " + SLICE_MAX + ", not " + limit);
        }
        return engine.slice(session.value(), Math.max(1, from) - 1, limit)
                .stream()
                .map(StoredSessionLog::entry)
                .toList();
    }

    private static Entry entry(DomainEventMessage<?> message) {
        return new Entry(message.getSequenceNumber() + 1, (SessionEvent) message.getPayload());
    }

    @Override
    public long head(SessionId session) {
        return engine.lastSequenceNumberFor(session.value()).map(seq -> seq + 1).orElse(0L);
    }

    @Override
    public void erase(SessionId session) {
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
