package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that handd made. Frames leave through a thread of the connection's own, because an interrupt of a
 * thread that writes to a channel would close it; answers find whoever asked by their tag.
 */
final class Connection {
    /** The longest answer handd has reason to give: 200 paths of 4 KB and something over, in bytes. */
    private static final int ANSWER_BYTES_MAX = 1 << 20;
    /** Frames that may wait for handd to read them; with more the connection is closed. */
    private static final int WAITING_MAX = 256;
    /** Written at once at most: the JVM keeps a direct buffer of this size for each carrier thread, in bytes. */
    private static final int PIECE = 64 << 10;
    private static final ThreadFactory THREADS = Thread.ofVirtual().name("handd-", 0).factory();

    /** The connection has ended. */
    static final class Ended extends Exception {
        private final boolean sent;

        /** @param sent whether the frame may have arrived */
        Ended(boolean sent) {
            super("the connection ended", null, false, false);
            this.sent = sent;
        }

        boolean sent() {
            return sent;
        }
    }

    private final SocketChannel channel;
    private final FrameReader frames;
    private final BlockingQueue<ByteBuffer> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Map<Integer, CompletableFuture<Frame>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger tags = new AtomicInteger();
    private final Thread writer = THREADS.newThread(this::write);
    private volatile boolean ended;
    private volatile @Nullable BadFrame broken;

    /** @param frames has read the hello, and possibly more */
    Connection(SocketChannel channel, FrameReader frames) {
        this.channel = channel;
        this.frames = frames;
    }

    /** @param whenEnded told once, after everybody who still waited has been told */
    void start(Consumer<Connection> whenEnded) {
        writer.start();
        THREADS.newThread(() -> {
            read();
            close();
            whenEnded.accept(this);
        }).start();
    }

    /** The answer to come; fails with {@link Ended}. */
    CompletableFuture<Frame> ask(Ask ask, Payload payload) {
        if (ended) {
            return CompletableFuture.failedFuture(new Ended(false));
        }
        int tag = tags.incrementAndGet();
        var answer = new CompletableFuture<Frame>();
        asked.put(tag, answer);
        if (!waiting.offer(Frame.encoded(tag, ask.kind(), payload))) {
            close();
        } else if (ended) {
            answer.completeExceptionally(new Ended(true));
        }
        return answer;
    }

    boolean ended() {
        return ended;
    }

    /** Why the other end cannot be handd, if that is why the connection ended. */
    @Nullable
    BadFrame broken() {
        return broken;
    }

    void close() {
        ended = true;
        writer.interrupt();
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // Nothing is lost: what was under way is answered below.
        }
        asked.values().forEach(answer -> answer.completeExceptionally(new Ended(true)));
    }

    private void read() {
        try {
            while (true) {
                var frame = frames.next(ANSWER_BYTES_MAX);
                var answer = asked.remove(frame.tag());
                if (answer != null) {
                    answer.complete(frame);
                }
            }
        } catch (BadFrame nonsense) {
            broken = nonsense;
        } catch (IOException gone) {
            // handd dials again if it lives.
        }
    }

    private void write() {
        try {
            while (true) {
                var frame = waiting.take();
                int end = frame.limit();
                while (frame.position() < end) {
                    channel.write(frame.limit(Math.min(end, frame.position() + PIECE)));
                }
            }
        } catch (IOException | InterruptedException over) {
            close();
        }
    }
}
