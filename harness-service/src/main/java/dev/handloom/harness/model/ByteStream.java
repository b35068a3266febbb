package dev.handloom.harness.model;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A response body to be read as it arrives: with limits on the silence between two pieces and on the whole, which the
 * client's own input stream does not have. Holds one piece at a time; the next is asked for when it has been read.
 */
final class ByteStream implements BodySubscriber<ByteStream>, AutoCloseable {
    private sealed interface Piece {
        record Bytes(List<ByteBuffer> buffers) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable why) implements Piece {}
    }

    private final Duration silenceMax;
    private final Duration within;
    private final long deadline;
    private final long bytesMax;
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    private long bytes;

    ByteStream(Duration silenceMax, Duration within, long bytesMax) {
        this.silenceMax = silenceMax;
        this.within = within;
        this.deadline = System.nanoTime() + within.toNanos();
        this.bytesMax = bytesMax;
    }

    @Override
    public CompletionStage<ByteStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription.complete(given);
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        pieces.add(new Piece.Bytes(item));
    }

    @Override
    public void onError(Throwable throwable) {
        pieces.add(new Piece.Broken(throwable));
    }

    @Override
    public void onComplete() {
        pieces.add(new Piece.End());
    }

    /**
     * The next bytes; null at the end.
     *
     * @throws IOException after too long a silence, too long in all, too many bytes, or when the connection broke
     */
    byte @Nullable [] next() throws IOException, InterruptedException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new IOException("the answer took longer than " + within.toSeconds() + " s");
        }
        return switch (pieces.poll(Math.min(left, silenceMax.toNanos()), TimeUnit.NANOSECONDS)) {
            case null -> throw new IOException(left < silenceMax.toNanos()
                    ? "the answer took longer than " + within.toSeconds() + " s"
                    : "nothing came for " + silenceMax.toSeconds() + " s");
            case Piece.Bytes(var buffers) -> {
                var read = join(buffers);
                bytes += read.length;
                if (bytes > bytesMax) {
                    throw new IOException("the answer is longer than " + bytesMax + " bytes");
                }
                subscription.join().request(1);
                yield read;
            }
            case Piece.End _ -> null;
            case Piece.Broken(var why) -> throw new IOException("the connection broke: "
                    + Objects.requireNonNullElse(why.getMessage(), why.getClass().getSimpleName()), why);
        };
    }

    private static byte[] join(List<ByteBuffer> buffers) {
        var joined = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
        buffers.forEach(joined::put);
        return joined.array();
    }

    /** Everything up to the end, for short answers. */
    byte[] readAll() throws IOException, InterruptedException {
        var all = new java.io.ByteArrayOutputStream();
        for (var read = next(); read != null; read = next()) {
            all.write(read);
        }
        return all.toByteArray();
    }

    /** Ends the request if it is still going on. */
    @Override
    public void close() {
        var _ = subscription.thenAccept(Flow.Subscription::cancel);
    }
}
