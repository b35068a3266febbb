package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.GroupCommit.Committed;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.Row;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the server's log from where it stood when this process began, and hands on every event, whoever wrote it,
 * once and in global order. When the connection is lost it goes on after the last event it has handed on.
 */
final class Tail implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tail.class);
    /** How many events are handed on together at the most. */
    private static final int TOGETHER_MAX = 256;
    /** How long it looks at a silent stream before it asks whether the stream still stands. */
    private static final Duration SILENCE = Duration.ofMillis(500);
    private static final Duration TRY_AGAIN = Duration.ofMillis(100);

    private final AxonServer server;
    private final Function<Row, ? extends EventMessage<?>> reader;
    private final LogStreams streams;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    /** Up to where everything has been handed on. Only its own thread uses this and what follows. */
    private long global;
    private boolean lost;

    /** @param global where it begins: everything after this global index comes by */
    Tail(AxonServer server, Function<Row, ? extends EventMessage<?>> reader, LogStreams streams, long global) {
        this.server = server;
        this.reader = reader;
        this.streams = streams;
        this.global = global;
        this.thread = Thread.ofPlatform().name("log-tail").daemon().start(this::follow);
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void follow() {
        while (isOpen()) {
            try (var stream = server.open(global)) {
                read(stream);
            } catch (Trouble.Unreached | RuntimeException failed) {
                noticeLoss(failed);
            } catch (InterruptedException _) {
                return;
            }
            pause();
        }
    }

    private void read(EventStream stream) throws InterruptedException {
        while (isOpen()) {
            var next = stream.nextIfAvailable(SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                handOn(next, stream);
                noticeReturn();
            } else if (stream.isClosed()) {
                noticeLoss(stream.getError().orElse(null));
                return;
            } else {
                noticeReturn();
            }
        }
    }

    private void handOn(EventWithToken first, EventStream stream) {
        var rows = new ArrayList<Row>();
        for (var next = first; next != null; next = rows.size() < TOGETHER_MAX ? stream.nextIfAvailable() : null) {
            var row = EventForm.row(next.getEvent(), AxonServer.globalOf(next));
            if (!rows.isEmpty() && row.global() != rows.getLast().global() + 1) {
                handOn(List.copyOf(rows));
                rows.clear();
            }
            rows.add(row);
        }
        handOn(rows);
    }

    private void handOn(List<Row> rows) {
        var messages = new ArrayList<EventMessage<?>>();
        rows.forEach(row -> messages.add(reader.apply(row)));
        streams.committed(new Committed(rows.getFirst().global(), messages, rows));
        global = rows.getLast().global();
    }

    private void noticeLoss(@Nullable Throwable failure) {
        if (!lost && isOpen()) {
            lost = true;
            log.warn("the connection to Axon Server is lost, after event {}: {}", global, String.valueOf(failure));
        }
    }

    private void noticeReturn() {
        if (lost) {
            lost = false;
            log.info("the connection to Axon Server is back");
        }
    }

    private void pause() {
        try {
            var _ = closed.await(TRY_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
