package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket on which one sandbox's handd calls in, and the connection it has made. Any process of the sandbox can reach
 * the socket: whoever does not begin with the nonce is turned away, slowly.
 */
final class Line {
    private static final Logger log = LoggerFactory.getLogger(Line.class);
    private static final int VERSION = 1;
    private static final int HELLO_BYTES_MAX = 256;
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(2);
    /** Callers that may be at their hello at once. The next ones wait unaccepted, so that none can keep us busy. */
    private static final int GREETED_MAX = 4;
    private static final Duration TURNED_AWAY_FOR = Duration.ofMillis(50);
    private static final int BACKLOG = 16;
    private static final ThreadFactory THREADS = Thread.ofVirtual().name("line-", 0).factory();

    private final ServerSocketChannel listening;
    private final byte[] nonce;
    private final Semaphore greeting = new Semaphore(GREETED_MAX);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Connection current;
    private boolean closed;
    private volatile Consumer<Optional<BadFrame>> whenLost = _ -> {};

    private Line(ServerSocketChannel listening, String nonce) {
        this.listening = listening;
        this.nonce = nonce.getBytes(StandardCharsets.UTF_8);
    }

    /** @param socket not there yet; at most 107 bytes */
    static Line listen(Path socket, String nonce) throws IOException {
        var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listening.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        } catch (IOException | RuntimeException cannotBind) {
            listening.close();
            throw cannotBind;
        }
        var line = new Line(listening, nonce);
        THREADS.newThread(line::accept).start();
        return line;
    }

    /** @param told each time a connection ends while the line is open, with the proof, if any, that it was not handd's */
    void whenLost(Consumer<Optional<BadFrame>> told) {
        whenLost = told;
    }

    /** The connection as soon as there is one; null when there was none within the time, or the line is closed. */
    @Nullable
    Connection connection(Duration within) throws InterruptedException {
        long left = within.toNanos();
        lock.lockInterruptibly();
        try {
            while (now() == null && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return now();
        } finally {
            lock.unlock();
        }
    }

    /** The connection, if there is one. */
    @Nullable
    Connection now() {
        lock.lock();
        try {
            return current == null || current.ended() ? null : current;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        Connection last;
        lock.lock();
        try {
            closed = true;
            last = current;
            current = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.close();
        }
        close(listening);
    }

    private void accept() {
        while (!closed()) {
            greeting.acquireUninterruptibly();
            try {
                var caller = listening.accept();
                THREADS.newThread(() -> greet(caller)).start();
            } catch (IOException refused) {
                greeting.release();
                if (!closed()) {
                    log.warn("a sandbox's call could not be taken: {}", refused.toString());
                    pause();
                }
            }
        }
    }

    private void greet(SocketChannel caller) {
        try {
            var frames = new FrameReader(caller);
            if (greeted(caller, frames)) {
                take(new Connection(caller, frames));
            } else {
                close(caller);
                pause();
            }
        } finally {
            greeting.release();
        }
    }

    private boolean greeted(SocketChannel caller, FrameReader frames) {
        var done = new AtomicBoolean();
        CompletableFuture.delayedExecutor(HELLO_WITHIN.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    if (!done.get()) {
                        close(caller);
                    }
                });
        try {
            var hello = frames.next(HELLO_BYTES_MAX);
            var fields = new Fields(hello.payload());
            int version = fields.i32();
            boolean known = hello.tag() == 0 && hello.kind() == 0
                    && MessageDigest.isEqual(nonce, fields.bytes());
            if (known && version != VERSION) {
                log.warn("a sandbox's handd speaks version {} of the protocol, not {}", version, VERSION);
            }
            return known && version == VERSION;
        } catch (IOException notHandd) {
            return false;
        } finally {
            done.set(true);
        }
    }

    /** The newest connection is the one that counts: handd makes a new one only when it has lost the older one. */
    private void take(Connection connection) {
        Connection older;
        lock.lock();
        try {
            if (closed) {
                connection.close();
                return;
            }
            older = current;
            current = connection;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (older != null) {
            older.close();
        }
        connection.start(this::ended);
    }

    private void ended(Connection connection) {
        lock.lock();
        try {
            if (current != connection) {
                return;
            }
            current = null;
        } finally {
            lock.unlock();
        }
        whenLost.accept(Optional.ofNullable(connection.broken()));
    }

    private static void close(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // It is of no use to anybody any more.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(TURNED_AWAY_FOR);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
