package dev.handloom.session.stream;

import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's place in a session's log. It subscribes first, then reads what it lacks from the log, then drains its
 * queue by position; a client that is too slow for the queue is sent back to the log, so nothing is buffered without
 * bound and nothing is lost. Previews, which may be shed, are shed then.
 */
final class Watcher {
    /** Frames that wait for a slow client before it falls back to the log. */
    private static final int QUEUE_MAX = 256;
    /** Silence is broken this often (contract/README.md §1.10). */
    private static final Duration PING_EVERY = Duration.ofSeconds(15);

    private final SessionId session;
    private final SessionLog log;
    private final BlockingQueue<Frame> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    /** The last position that was offered. */
    private long offered;
    private volatile boolean lagging;
    private volatile boolean ended;

    Watcher(SessionId session, SessionLog log) {
        this.session = session;
        this.log = log;
    }

    SessionId session() {
        return session;
    }

    /** Called by the log's writer; never waits. */
    synchronized void offer(Frame.Stored frame) {
        offered = frame.position();
        put(frame);
    }

    /** Called by the brain; never waits. */
    synchronized void offer(Preview preview) {
        put(new Frame.Glimpse(preview, offered));
    }

    private void put(Frame frame) {
        if (!queue.offer(frame)) {
            lagging = true;
        }
    }

    void end() {
        ended = true;
        put(new Frame.End());
    }

    /**
     * Sends every event after a position until the session or the server ends. Flushes when nothing more waits, so that
     * what was committed together costs one packet.
     *
     * @param previews the event types to preview, {@code agent.message} or {@code agent.thinking}
     * @throws IOException when the client is gone
     */
    void pump(long after, Set<String> previews, OutputStream out) throws IOException, InterruptedException {
        long sent = readOn(after, out);
        var previewed = new HashSet<String>();
        while (sent >= 0 && !ended) {
            if (lagging) {
                lagging = false;
                queue.clear();
                previewed.clear();
                sent = readOn(sent, out);
                continue;
            }
            switch (next(out)) {
                case null -> out.write(Frame.PING);
                case Frame.Stored stored -> sent = send(stored, sent, out);
                case Frame.Glimpse glimpse -> {
                    boolean late = glimpse.behind() < sent && sent > after;
                    if (!late && wanted(glimpse.preview(), previews, previewed)) {
                        out.write(glimpse.bytes());
                    }
                }
                case Frame.End() -> {
                    return;
                }
            }
        }
    }

    /** Null when nothing came for a while. */
    private @Nullable Frame next(OutputStream out) throws IOException, InterruptedException {
        var waiting = queue.poll();
        if (waiting != null) {
            return waiting;
        }
        out.flush();
        return queue.poll(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A preview is shown only from its start on, so that what a client gathers is always a beginning of the text; and not
     * when what came after it was read from the log already, because its event may have been among that.
     */
    private static boolean wanted(Preview preview, Set<String> types, Set<String> previewed) {
        return switch (preview) {
            case Preview.Started started -> types.contains(started.type()) && previewed.add(started.eventId());
            case Preview.TextAdded added -> previewed.contains(added.eventId());
        };
    }

    /** @return the position sent last, or -1 when nothing can follow */
    private long send(Frame.Stored stored, long sent, OutputStream out) throws IOException {
        if (stored.position() <= sent) {
            return sent;
        }
        return stored.position() > sent + 1 ? readOn(sent, out) : pass(stored, out);
    }

    private static long pass(Frame.Stored stored, OutputStream out) throws IOException {
        var bytes = stored.bytes();
        if (bytes.length > 0) {
            out.write(bytes);
        }
        return stored.last() ? -1 : stored.position();
    }

    /** Positions are missing only where a deleted session's log was erased. */
    private long readOn(long after, OutputStream out) throws IOException {
        long sent = after;
        while (true) {
            var slice = log.slice(session, sent + 1, QUEUE_MAX);
            for (var entry : slice) {
                sent = pass(new Frame.Stored(entry, log), out);
                if (sent < 0) {
                    return sent;
                }
            }
            if (slice.isEmpty()) {
                return sent;
            }
        }
    }
}
