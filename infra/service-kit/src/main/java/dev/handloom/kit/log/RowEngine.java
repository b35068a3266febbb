package dev.handloom.kit.log;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engines that keep their events as rows of a database: SQLite, PostgreSQL. */
public final class RowEngine extends BatchingEventStorageEngine implements LogEngine {
    private static final Logger log = LoggerFactory.getLogger(RowEngine.class);

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
        super(new Builder() {}.upcasterChain(upcasters)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(failure -> writer.meaning(failure) == RowWriter.Failure.CONFLICT)
                .batchSize(fetch));
        this.events = events;
        this.writer = writer;
    }

    private boolean isOfThisVersion(SerializedType type) {
        var serializer = getSnapshotSerializer();
        var known = serializer.classForType(type);
        return !known.equals(UnknownSerializedType.class)
                && Objects.equals(type.getRevision(), serializer.typeForClass(known).getRevision());
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
            if (writer.meaning(refused) == RowWriter.Failure.FULL) {
                throw new StorageFull("the log cannot grow: its disk is full", refused);
            }
            handlePersistenceException(refused, messages.getFirst());
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
    public Optional<DomainEventMessage<?>> readSnapshot(String stream) {
        return snapshotUpTo(stream, Long.MAX_VALUE);
    }

    /** One of another shape, or that cannot be read, is passed over, and the state folded from the events again. */
    @Override
    public Optional<DomainEventMessage<?>> snapshotUpTo(String stream, long seq) {
        return events.snapshotUpTo(stream, seq)
                .filter(row -> isOfThisVersion(row.getPayload().getType()))
                .flatMap(this::readable);
    }

    private Optional<DomainEventMessage<?>> readable(Row row) {
        try {
            var snapshot = new ArrayList<DomainEventMessage<?>>();
            EventStreamUtils.upcastAndDeserializeDomainEvents(Stream.of(row), getSnapshotSerializer(), upcasterChain)
                    .forEachRemaining(snapshot::add);
            snapshot.forEach(DomainEventMessage::getPayload);
            return snapshot.stream().findFirst();
        } catch (RuntimeException unreadable) {
            log.warn("the snapshot of {} at {} cannot be read: {}", row.stream(), row.seq(), unreadable.toString());
            return Optional.empty();
        }
    }

    @Override
    public DomainEventStream readEvents(String stream, long firstSeq) {
        return DomainEventStream.of(super.readEvents(stream, firstSeq).asStream().map(RowEngine::known));
    }

    /** A log may have been written by a newer version. To leave out what it says would be to tell another story. */
    private static DomainEventMessage<?> known(DomainEventMessage<?> event) {
        if (event.getPayloadType().equals(UnknownSerializedType.class)) {
            var type = ((UnknownSerializedType) event.getPayload()).serializedType();
            throw new EventStoreException("event " + event.getSequenceNumber() + " of " + event.getAggregateIdentifier()
                    + " has the type " + type.getName() + ", which this version does not know");
        }
        return event;
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String stream) {
        return events.snapshotUpTo(stream, Long.MAX_VALUE).stream();
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String stream, long firstSeq, int limit) {
        return events.someOfStream(stream, firstSeq, limit);
    }

    /** Batches may be short, because they are bounded by their size too. */
    @Override
    protected boolean fetchForAggregateUntilEmpty() {
        return true;
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken after, int limit) {
        return events.after(LogEngine.globalOf(after), limit);
    }

    @Override
    public long search(long global, long end, Set<String> types, int limit, Consumer<TrackedEventMessage<?>> reader) {
        var found = events.search(global, end, types, limit);
        EventUtils.upcastAndDeserializeTrackedEvents(found.rows().stream(), getEventSerializer(), upcasterChain)
                .forEach(reader);
        return found.upTo();
    }

    @Override
    public List<Row> rows(String stream, long firstSeq, int limit) {
        return events.ofStream(stream, firstSeq, limit);
    }

    @Override
    public DomainEventMessage<?> read(Row row) {
        return EventStreamUtils.upcastAndDeserializeDomainEvents(Stream.of(row), getEventSerializer(), upcasterChain)
                .asStream()
                .map(RowEngine::known)
                .findFirst()
                .orElseThrow(
                        () -> new EventStoreException("event " + row.seq() + " of " + row.stream() + " was left out"));
    }

    @Override
    public List<DomainEventMessage<?>> slice(String stream, long firstSeq, int limit) {
        var slice = new ArrayList<DomainEventMessage<?>>();
        EventStreamUtils.upcastAndDeserializeDomainEvents(
                events.ofStream(stream, firstSeq, limit).stream(), getEventSerializer(), upcasterChain)
                .asStream()
                .map(RowEngine::known)
                .forEach(slice::add);
        return slice;
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
