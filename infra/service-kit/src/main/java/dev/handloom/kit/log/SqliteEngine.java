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
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Axon's storage engine on one SQLite file. A conflict on (stream, sequence) comes out as ConcurrencyException, or
 * AggregateStreamCreationException at sequence 0; a full disk as {@link StorageFull}.
 */
class SqliteEngine extends BatchingEventStorageEngine {
    /** The second is what a full disk looks like when the shared index of the write-ahead log must grow. */
    private static final Set<SQLiteErrorCode> FULL = Set.of(
            SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);

    private final Events events;
    private final GroupCommit writer;

    /** @param fetch how many events one query reads, 1 or more */
    SqliteEngine(Events events, GroupCommit writer, Serializer serializer, int fetch) {
        super(new Builder() {}.eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .persistenceExceptionResolver(SqliteEngine::isConflict)
                .snapshotFilter(snapshot -> isOfThisVersion(snapshot.getPayload().getType(), serializer))
                .batchSize(fetch));
        this.events = events;
        this.writer = writer;
    }

    /** A snapshot of another shape is passed over, and the state folded from the events again. */
    private static boolean isOfThisVersion(SerializedType type, Serializer serializer) {
        var known = serializer.classForType(type);
        return !known.equals(UnknownSerializedType.class)
                && Objects.equals(type.getRevision(), serializer.typeForClass(known).getRevision());
    }

    /** The place is taken, or the one before it is not. */
    static boolean isConflict(Exception failure) {
        return has(failure, Set.of(
                SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE, SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER));
    }

    private static boolean has(@Nullable Throwable failure, Set<SQLiteErrorCode> codes) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite && codes.contains(sqlite.getResultCode())) {
                return true;
            }
        }
        return false;
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
            if (has(refused, FULL)) {
                throw new StorageFull("the log cannot grow: the disk of the data folder is full", refused);
            }
            handlePersistenceException(refused, messages.getFirst());
        }
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        var row = Row.of(snapshot, serializer);
        try {
            writer.run(file -> file.commitSnapshot(row));
        } catch (SQLException refused) {
            handlePersistenceException(refused, snapshot);
        }
    }

    /** Read whole at once, so that one that cannot be read is passed over too. */
    @Override
    public Optional<DomainEventMessage<?>> readSnapshot(String stream) {
        var snapshot = super.readSnapshot(stream);
        snapshot.ifPresent(DomainEventMessage::getPayload);
        return snapshot;
    }

    @Override
    public DomainEventStream readEvents(String stream, long firstSeq) {
        return DomainEventStream.of(super.readEvents(stream, firstSeq).asStream().map(SqliteEngine::known));
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
        return events.snapshot(stream).stream();
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
        return events.after(globalOf(after), limit);
    }

    /**
     * Hands on the next events of some types after a global index, at most {@code limit}.
     *
     * @param end not beyond what is committed
     * @return the global index up to which everything has been looked at
     */
    long search(long global, long end, Set<String> types, int limit, Consumer<TrackedEventMessage<?>> reader) {
        var found = events.search(global, end, types, limit);
        EventUtils.upcastAndDeserializeTrackedEvents(found.rows().stream(), getEventSerializer(), upcasterChain)
                .forEach(reader);
        return found.upTo();
    }

    /** Up to {@code limit} events of a stream from a sequence number on, oldest first. */
    List<DomainEventMessage<?>> slice(String stream, long firstSeq, int limit) {
        var slice = new ArrayList<DomainEventMessage<?>>();
        EventStreamUtils.upcastAndDeserializeDomainEvents(
                events.ofStream(stream, firstSeq, limit).stream(), getEventSerializer(), upcasterChain)
                .asStream()
                .map(SqliteEngine::known)
                .forEach(slice::add);
        return slice;
    }

    /** Removes a stream's events up to and including {@code seq}, and its snapshot. */
    void erase(String stream, long seq) {
        try {
            writer.run(file -> file.erase(stream, seq));
        } catch (SQLException refused) {
            throw new EventStoreException("the events of " + stream + " could not be erased", refused);
        }
    }

    static long globalOf(@Nullable TrackingToken token) {
        return token == null ? 0 : token.position().orElse(0);
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
