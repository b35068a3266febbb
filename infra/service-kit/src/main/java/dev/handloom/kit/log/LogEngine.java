package dev.handloom.kit.log;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * A store of events, as the log needs it: Axon's engine, with bounded reads. A conflict on (stream, sequence) comes out
 * as ConcurrencyException, or AggregateStreamCreationException at sequence 0; a full disk as {@link StorageFull}.
 * Sequence numbers count from 0 within a stream; global indexes ascend over all streams.
 */
public interface LogEngine extends EventStorageEngine {
    /**
     * Up to {@code limit} events of a stream from a sequence number on, oldest first, as they are stored. At least one
     * where there is one; it stops after the row that brings them to {@code SessionLog.SLICE_BYTES_MAX}.
     */
    List<Row> rows(String stream, long firstSeq, int limit);

    /** What a stored row says. Upcasters make one event of one. */
    DomainEventMessage<?> read(Row row);

    /** As {@link #rows}, read. */
    List<DomainEventMessage<?>> slice(String stream, long firstSeq, int limit);

    /**
     * Hands on the next events of some types after a global index, at most {@code limit}.
     *
     * @param end not beyond what is committed
     * @return the global index up to which everything has been looked at
     */
    long search(long global, long end, Set<String> types, int limit, Consumer<TrackedEventMessage<?>> reader);

    /** The newest snapshot of a stream that was taken at this sequence number or before it. */
    Optional<DomainEventMessage<?>> snapshotUpTo(String stream, long seq);

    /** Whether {@link #erase} removes anything. Where not, what a session said goes with the key it was sealed with. */
    default boolean erases() {
        return true;
    }

    /** Removes a stream's events up to and including {@code seq}, and its snapshots, if the engine {@link #erases}. */
    void erase(String stream, long seq);

    /** The global index that a token stands for; 0 at the very beginning. */
    static long globalOf(@Nullable TrackingToken token) {
        return token == null ? 0 : token.position().orElse(0);
    }
}
