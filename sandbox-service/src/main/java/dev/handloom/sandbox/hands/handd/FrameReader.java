package dev.handloom.sandbox.hands.handd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;

/** Frames out of a channel, one after the other. A length is believed only up to a limit. */
final class FrameReader {
    private static final int BUFFER = 64 << 10;

    private final ReadableByteChannel from;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).flip();

    FrameReader(ReadableByteChannel from) {
        this.from = from;
    }

    /**
     * The next frame, waited for.
     *
     * @param bytesMax the longest that is taken, without its length
     * @throws EOFException when the other end has closed, in the middle of a frame or between two
     * @throws BadFrame     for a length that no frame may have
     */
    Frame next(int bytesMax) throws IOException {
        fill(Integer.BYTES);
        int length = buffer.getInt();
        if (length < Frame.HEAD || length > bytesMax) {
            throw new BadFrame("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        if (length > BUFFER) {
            return Frame.decoded(longOne(length));
        }
        fill(length);
        // Copied, because the buffer goes on to the next frame while somebody still reads this one.
        var bytes = new byte[length];
        buffer.get(bytes);
        return Frame.decoded(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    }

    private ByteBuffer longOne(int length) throws IOException {
        var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).put(buffer);
        while (bytes.hasRemaining()) {
            // In pieces: the channel would make a direct buffer as long as what is left, and keep it.
            read(bytes.limit(Math.min(length, bytes.position() + BUFFER)));
            bytes.limit(length);
        }
        return bytes.flip();
    }

    private void fill(int wanted) throws IOException {
        if (buffer.remaining() >= wanted) {
            return;
        }
        buffer.compact();
        try {
            while (buffer.position() < wanted) {
                read(buffer);
            }
        } finally {
            buffer.flip();
        }
    }

    private void read(ByteBuffer into) throws IOException {
        if (from.read(into) < 0) {
            throw new EOFException("the connection ended");
        }
    }
}
