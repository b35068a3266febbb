package dev.handloom.kit.log;

import dev.handloom.kit.seal.SealingSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engines share: streams are read slice by slice, so that one left half-read keeps nothing open, and rows
 * become events.
 */
public abstract class SlicedEngine extends BatchingEventStorageEngine implements LogEngine {
    private static final Logger log = LoggerFactory.getLogger(SlicedEngine.class);

    /**
     * @param upcasters what older revisions of events have to go through
     * @param conflicts tells the failures that mean: the place is taken, or the one before it is not
     * @param fetch     how many events one read takes, 1 or more
     */
    protected SlicedEngine(
            Serializer serializer,
            EventUpcaster upcasters,
            PersistenceExceptionResolver conflicts,
            int fetch
    ) {
        super(new Builder() {}.upcasterChain(upcasters)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(conflicts)
                .batchSize(fetch));
    }

    /** As {@link #snapshotUpTo}, unread. */
    protected abstract Optional<Row> snapshotRow(String stream, long seq);

    private boolean isOfThisVersion(SerializedType type) {
        var serializer = getSnapshotSerializer();
        var known = serializer.classForType(type);
        return !known.equals(UnknownSerializedType.class)
                && Objects.equals(type.getRevision(), serializer.typeForClass(known).getRevision());
    }

    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String stream) {
        return snapshotUpTo(stream, Long.MAX_VALUE);
    }

    /** One of another shape, or that cannot be read, is passed over, and the state folded from the events again. */
    @Override
    public Optional<DomainEventMessage<?>> snapshotUpTo(String stream, long seq) {
        return snapshotRow(stream, seq)
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
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String stream) {
        return snapshotRow(stream, Long.MAX_VALUE).stream();
    }

    @Override
    public DomainEventStream readEvents(String stream, long firstSeq) {
        return DomainEventStream.of(super.readEvents(stream, firstSeq).asStream().map(SlicedEngine::known));
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

    /** Where the key of an event is no more, another stands in its place: processors are not told of it. */
    protected final List<Row> legible(List<Row> rows) {
        if (!(getEventSerializer() instanceof SealingSerializer sealing)) {
            return rows;
        }
        return rows.stream().map(row -> {
            var placeholder = sealing.inPlaceOf(row.payload(), row.getTimestamp());
            return placeholder == null ? row : row.erased(placeholder);
        }).toList();
    }

    /** Batches may be short, because they are bounded by their size too. */
    @Override
    protected boolean fetchForAggregateUntilEmpty() {
        return true;
    }

    @Override
    public DomainEventMessage<?> read(Row row) {
        return known(readAnything(row));
    }

    /** As {@link #read}, but one of a type that this version does not know comes as UnknownSerializedType. */
    public DomainEventMessage<?> readAnything(Row row) {
        return EventStreamUtils
                .upcastAndDeserializeDomainEvents(legible(List.of(row)).stream(), getEventSerializer(), upcasterChain)
                .asStream()
                .findFirst()
                .orElseThrow(
                        () -> new EventStoreException("event " + row.seq() + " of " + row.stream() + " was left out"));
    }

    @Override
    public List<DomainEventMessage<?>> slice(String stream, long firstSeq, int limit) {
        var slice = new ArrayList<DomainEventMessage<?>>();
        EventStreamUtils
                .upcastAndDeserializeDomainEvents(legible(rows(stream, firstSeq, limit)).stream(), getEventSerializer(),
                        upcasterChain)
                .asStream()
                .map(SlicedEngine::known)
                .forEach(slice::add);
        return slice;
    }
}
