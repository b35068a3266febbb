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
final class AxonServer {
    /** How long one answer may take; after that the connection counts as lost. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    /** A read for a processor or an aggregate stops after the row that reaches this, so that memory stays bounded. */
    static final long READ_BYTES_MAX = 8L << 20;
    /** With so few bytes, a read ends after its first row. */
    private static final long FIRST_ONLY = 1;
    /** How far one search for events of some types goes, in global indexes, so that no read lasts long. */
    private static final long SEARCH_MAX = 20_000;
    /** How many events the server may send ahead; the connector takes no smaller numbers. */
    private static final int AHEAD = 64;
    private static final int REFILL = 16;

    private final Supplier<EventChannel> events;
    private final BooleanSupplier connected;
    private final Patience patience;

    AxonServer(Supplier<EventChannel> events, BooleanSupplier connected, Duration wait) {
        this.events = events;
        this.connected = connected;
        this.patience = new Patience(wait);
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
     * @throws StatusRuntimeException when the place is taken, or the one before it is not
     * @throws LogUnavailable         when it is not stored because nobody answers, or does not let us in
     * @throws EventStoreException    when it may or may not be stored
     */
    void append(List<Row> rows) {
        var wanted = rows.stream().map(row -> EventForm.event(row, false)).toArray(Event[]::new);
        var sent = new AtomicBoolean();
        try {
            patience.with(() -> append(rows, wanted, sent));
        } catch (Exception failed) {
            throw refusal(failed, sent.get());
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
            var there = readSlice(first.stream(), first.seq(), ids.size(), Long.MAX_VALUE);
            if (!there.stream().map(Row::id).toList().equals(ids)) {
                return false;
            }
            done += ids.size();
        }
        return true;
    }

    private static RuntimeException refusal(Exception failed, boolean sent) {
        return switch (Trouble.of(failed)) {
            case CONFLICT -> conflict(failed);
            case DENIED -> denied(failed);
            case REFUSED ->
                new IllegalArgumentException("Axon Server cannot take this append, nothing of it is stored: "
                        + words(failed), failed);
            case UNREACHED, UNCLEAR, INTERRUPTED -> sent ? unknown(failed) : notSent(failed);
        };
    }

    private static RuntimeException conflict(Exception failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof StatusRuntimeException taken) {
                return taken;
            }
        }
        return new EventStoreException("the place is taken", failed);
    }

    private static LogUnavailable denied(Exception failed) {
        return new LogUnavailable("Axon Server does not let us in: " + words(failed), failed);
    }

    private static EventStoreException unknown(Exception failed) {
        restoreInterrupt(failed);
        return new EventStoreException("no answer from Axon Server: it may or may not be stored", failed);
    }

    private static EventStoreException notSent(Exception failed) {
        restoreInterrupt(failed);
        return Trouble.of(failed) == Trouble.INTERRUPTED
                ? new EventStoreException("interrupted before anything was sent", failed)
                : new LogUnavailable("Axon Server cannot be reached at the moment: nothing was stored", failed);
    }

    private static void restoreInterrupt(Exception failed) {
        if (Trouble.of(failed) == Trouble.INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
    }

    private static String words(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private <T> T read(Callable<T> call) {
        try {
            return patience.with(call);
        } catch (Exception failed) {
            restoreInterrupt(failed);
            throw switch (Trouble.of(failed)) {
                case DENIED -> denied(failed);
                case INTERRUPTED -> new EventStoreException("interrupted while reading from Axon Server", failed);
                default -> new LogUnavailable("Axon Server cannot be reached at the moment", failed);
            };
        }
    }

    /** Up to {@code limit} events of a stream, fewer where they are large: at least one where there is one. */
    List<Row> slice(String stream, long firstSeq, int limit, long bytesMax) {
        return read(() -> readSlice(stream, firstSeq, limit, bytesMax));
    }

    private List<Row> readSlice(String stream, long firstSeq, int limit, long bytesMax) throws Exception {
        return rows(channel().openAggregateStream(stream, firstSeq, plus(firstSeq, limit)), bytesMax);
    }

    /** The server's upper bounds are excluded. */
    private static long plus(long seq, int more) {
        return seq > Long.MAX_VALUE - more ? Long.MAX_VALUE : seq + more;
    }

    private static List<Row> rows(AggregateEventStream stream, long bytesMax) throws InterruptedException {
        var rows = new ArrayList<Row>();
        long bytes = 0;
        boolean whole = false;
        try {
            while (bytes < bytesMax && stream.hasNext()) {
                var row = EventForm.row(stream.next(), 0);
                rows.add(row);
                bytes += row.payload().length;
            }
            whole = bytes < bytesMax;
            return rows;
        } finally {
            if (!whole) {
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
        return read(() -> rows(channel().loadSnapshots(stream, 0, plus(seq, 1), resultsMax), FIRST_ONLY)).stream()
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
        } catch (Exception unknown) {
            restoreInterrupt(unknown);
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
}
