package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.LogUnavailable;
import dev.handloom.kit.log.Row;
import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * What the log asks of the server. Every stream is opened with an end, or closed. Our global indexes count from 1, the
 * server's tokens from 0; and to both, what to read comes after the one that is named.
 */
final class AxonServer implements AutoCloseable {
    /** How long one answer may take; after that the connection counts as lost. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    /** About the most that one read for a processor or an aggregate takes, so that memory stays bounded. */
    private static final long READ_BYTES_MAX = 8L << 20;
    /** How many events say how large the others may be. */
    private static final int PROBE = 16;
    /** How far one search for events of some types goes, in global indexes, so that no read lasts long. */
    private static final long SEARCH_MAX = 20_000;
    /** How many events the server may send ahead; the connector takes no smaller numbers. */
    private static final int AHEAD = 64;
    private static final int REFILL = 16;

    private final Supplier<EventChannel> events;
    private final BooleanSupplier connected;
    private final Patience patience;
    private final long eventBytesMax;

    AxonServer(Supplier<EventChannel> events, BooleanSupplier connected, AxonServerSettings settings) {
        this.events = events;
        this.connected = connected;
        this.patience = new Patience(settings.patience());
        this.eventBytesMax = settings.eventMax().toBytes();
    }

    /**
     * What a search found.
     *
     * @param upTo the global index up to which everything has been looked at
     */
    record Found(List<Row> rows, long upTo) {}

    private EventChannel channel() throws Trouble.Unreached {
        if (!connected.getAsBoolean()) {
            throw new Trouble.Unreached();
        }
        return events.get();
    }

    private static <T> T answer(CompletableFuture<T> answer) throws Exception {
        return answer.get(ANSWER_MAX.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Stores all rows or none. One that was sent without an answer is looked for at its place before it is sent again;
     * should the first come through after all, the server has no place for the second.
     *
     * @throws IllegalArgumentException when one is larger than the server takes, who would only break off
     * @throws StatusRuntimeException when the place is taken, or the one before it is not
     * @throws LogUnavailable         when it is not stored because nobody answers, or does not let us in
     * @throws EventStoreException    when it may or may not be stored
     */
    void append(List<Row> rows) {
        var wanted = rows.stream().map(row -> EventForm.event(row, false)).toArray(Event[]::new);
        for (var event : wanted) {
            if (event.getSerializedSize() > eventBytesMax) {
                throw new IllegalArgumentException("an event of " + event.getSerializedSize() + " bytes is larger than "
                        + "handloom.axonserver.event-max: nothing was stored");
            }
        }
        var sent = new AtomicBoolean();
        try {
            patience.with(() -> append(rows, wanted, sent));
        } catch (Exception failed) {
            throw Trouble.ofAppend(failed, sent.get());
        }
    }

    private boolean append(List<Row> rows, Event[] wanted, AtomicBoolean sent) throws Exception {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
        var channel = channel();
        if (sent.get() && isStored(rows)) {
            return true;
        }
        boolean again = sent.getAndSet(true);
        try {
            return answer(channel.appendEvents(wanted)).getSuccess();
        } catch (Exception failed) {
            if (again && Trouble.of(failed) == Trouble.CONFLICT && isStored(rows)) {
                return true;
            }
            throw failed;
        }
    }

    private boolean isStored(List<Row> rows) throws Exception {
        for (int done = 0; done < rows.size();) {
            var first = rows.get(done);
            var ids = rows.stream()
                    .skip(done)
                    .takeWhile(row -> row.stream().equals(first.stream()))
                    .map(Row::id)
                    .toList();
            var there = readSlice(first.stream(), first.seq(), ids.size());
            if (!there.stream().map(Row::id).toList().equals(ids)) {
                return false;
            }
            done += ids.size();
        }
        return true;
    }

    private <T> T read(Callable<T> call) {
        try {
            return patience.with(call);
        } catch (Exception failed) {
            throw Trouble.ofRead(failed);
        }
    }

    /** Up to {@code limit} events of a stream. */
    List<Row> slice(String stream, long firstSeq, int limit) {
        return read(() -> readSlice(stream, firstSeq, limit));
    }

    /** As {@link #slice}, but fewer where they are large: at least one where there is one. */
    List<Row> someOfSlice(String stream, long firstSeq, int limit) {
        int probe = Math.min(limit, PROBE);
        var rows = new ArrayList<>(slice(stream, firstSeq, probe));
        long bytes = rows.stream().mapToLong(row -> row.payload().length).sum();
        long more = Math.min(limit - probe, (READ_BYTES_MAX - bytes) * rows.size() / Math.max(1, bytes));
        if (rows.size() == probe && more > 0) {
            rows.addAll(slice(stream, firstSeq + probe, (int) more));
        }
        return rows;
    }

    private List<Row> readSlice(String stream, long firstSeq, int limit) throws Exception {
        return rows(channel().openAggregateStream(stream, firstSeq, plus(firstSeq, limit)));
    }

    /** The server's upper bounds are excluded. */
    private static long plus(long seq, int more) {
        return seq > Long.MAX_VALUE - more ? Long.MAX_VALUE : seq + more;
    }

    /** To its end, because the server keeps a stream that is cancelled before open for half a minute. */
    private static List<Row> rows(AggregateEventStream stream) throws InterruptedException {
        var rows = new ArrayList<Row>();
        boolean ended = false;
        try {
            while (stream.hasNext()) {
                rows.add(EventForm.row(stream.next(), 0));
            }
            ended = true;
            return rows;
        } finally {
            if (!ended) {
                stream.cancel();
            }
        }
    }

    /** The sequence number of the stream's last event. */
    Optional<Long> lastSeq(String stream) {
        return Optional.of(read(() -> answer(channel().findHighestSequence(stream)))).filter(seq -> seq >= 0);
    }

    void storeSnapshot(Row row) {
        var snapshot = EventForm.event(row, true);
        read(() -> answer(channel().appendSnapshot(snapshot)));
    }

    /**
     * The newest snapshot that was taken at this sequence number or before it. The server (4.6) counts the results before
     * it looks at the bound, so that below the newest it must not be asked for one only.
     */
    Optional<Row> snapshotUpTo(String stream, long seq) {
        int resultsMax = seq == Long.MAX_VALUE ? 1 : 0;
        return read(() -> rows(channel().loadSnapshots(stream, 0, plus(seq, 1), resultsMax))).stream()
                .findFirst();
    }

    /** The global index of the last event that is stored; 0 before the first. */
    long lastGlobal() {
        return read(this::askLastGlobal);
    }

    private long askLastGlobal() throws Exception {
        return answer(channel().getLastToken()) + 1;
    }

    /** As {@link #lastGlobal}, asked once; {@link Long#MAX_VALUE} when nobody answers. */
    long lastGlobalOrMax() {
        try {
            return askLastGlobal();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Long.MAX_VALUE;
        } catch (Exception _) {
            return Long.MAX_VALUE;
        }
    }

    /** The global index after which the events of this moment and later ones stand, where the log's times ascend. */
    long globalBefore(Instant at) {
        long millis = at.equals(Instant.ofEpochMilli(at.toEpochMilli())) ? at.toEpochMilli() : at.toEpochMilli() + 1;
        return read(() -> answer(channel().getTokenAt(millis))) + 1;
    }

    /**
     * The next wanted events in global order. It may find none and not have come to the end.
     *
     * @param end how far to look at the most; an event stands there or behind it
     */
    Found search(long global, long end, Predicate<Event> wanted, int limit) {
        return read(() -> {
            long last = Math.min(end, global + SEARCH_MAX);
            var rows = new ArrayList<Row>();
            long bytes = 0;
            long seen = global;
            try (var stream = open(global)) {
                while (seen < last && rows.size() < limit && bytes < READ_BYTES_MAX) {
                    var next = next(stream);
                    seen = Math.min(last, globalOf(next));
                    if (globalOf(next) <= last && wanted.test(next.getEvent())) {
                        var row = EventForm.row(next.getEvent(), globalOf(next));
                        rows.add(row);
                        bytes += row.payload().length;
                    }
                }
            }
            return new Found(rows, seen);
        });
    }

    private static EventWithToken next(EventStream stream) throws Exception {
        var next = stream.nextIfAvailable(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (next == null) {
            throw new TimeoutException("the stream from Axon Server ended or stalled");
        }
        return next;
    }

    static long globalOf(EventWithToken event) {
        return event.getToken() + 1;
    }

    /** All events after a global index, also those to come. To be closed. */
    EventStream open(long global) throws Trouble.Unreached {
        return channel().openStream(global - 1, AHEAD, REFILL);
    }

    /** Whoever still waits for the server gives up. */
    @Override
    public void close() {
        patience.end();
    }
}
