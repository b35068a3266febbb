package dev.handloom.kit.log;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;

/** The engines that keep their events as rows of a database: SQLite, PostgreSQL. */
public final class RowEngine extends SlicedEngine {
    private final RowReader events;
    private final GroupCommit writer;

    /**
     * @param upcasters what older revisions of events have to go through
     * @param fetch     how many events one query reads, 1 or more
     */
    public RowEngine(
            RowReader events,
            GroupCommit writer,
            Serializer serializer,
            EventUpcaster upcasters,
            int fetch
    ) {
        super(serializer, upcasters, failure -> writer.meaning(failure) == RowWriter.Failure.CONFLICT, fetch);
        this.events = events;
        this.writer = writer;
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> messages, Serializer serializer) {
        if (messages.isEmpty()) {
            return;
        }
        var rows = messages.stream().map(message -> Row.of(message, serializer)).toList();
        try {
            writer.append(messages, rows);
        } catch (SQLException refused) {
            switch (writer.meaning(refused)) {
                case FULL -> throw new StorageFull("the log cannot grow: its disk is full", refused);
                case REFUSED -> throw new LogUnavailable(String.valueOf(refused.getMessage()), refused);
                case LOST -> throw new EventStoreException(
                        "the log was lost while it committed: the events may or may not be stored", refused);
                case CONFLICT, UNCONFIRMED, OTHER -> handlePersistenceException(refused, messages.getFirst());
            }
        }
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        var row = Row.of(snapshot, serializer);
        try {
            writer.run(rows -> rows.commitSnapshot(row));
        } catch (SQLException refused) {
            handlePersistenceException(refused, snapshot);
        }
    }

    @Override
    protected Optional<Row> snapshotRow(String stream, long seq) {
        return events.snapshotUpTo(stream, seq);
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String stream, long firstSeq, int limit) {
        return legible(events.someOfStream(stream, firstSeq, limit));
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken after, int limit) {
        return events.after(LogEngine.globalOf(after), limit);
    }

    @Override
    public long search(long global, long end, Set<String> types, int limit, Consumer<TrackedEventMessage<?>> reader) {
        var found = events.search(global, end, types, limit);
        var told = legible(found.rows()).stream().filter(row -> types.contains(row.type()));
        EventUtils.upcastAndDeserializeTrackedEvents(told, getEventSerializer(), upcasterChain).forEach(reader);
        return found.upTo();
    }

    @Override
    public List<Row> rows(String stream, long firstSeq, int limit) {
        return events.ofStream(stream, firstSeq, limit);
    }

    @Override
    public void erase(String stream, long seq) {
        try {
            writer.run(rows -> rows.erase(stream, seq));
        } catch (SQLException refused) {
            throw new EventStoreException("the events of " + stream + " could not be erased", refused);
        }
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String stream) {
        return events.lastSeq(stream);
    }

    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(0);
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(events.maxGlobal().orElse(0L));
    }

    @Override
    public TrackingToken createTokenAt(Instant at) {
        return new GlobalSequenceTrackingToken(events.firstGlobalAt(Row.sortable(at))
                .map(global -> global - 1)
                .orElseGet(() -> events.maxGlobal().orElse(0L)));
    }
}
