package dev.handloom.sandbox.handd;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;

/** The service's end of one connection: sends frames, and waits for the answer with a tag. */
final class Line implements AutoCloseable {
    static final int PING = 1;
    static final int CALL = 2;
    static final int ATTACH = 3;
    static final int FORGET = 4;
    static final int CANCEL = 5;
    private static final int HEAD = 5;

    private final SocketChannel channel;
    private final InputStream in;
    private final Map<Integer, Answer> early = new HashMap<>();
    private int lastTag;

    Line(SocketChannel channel) {
        this.channel = channel;
        this.in = Channels.newInputStream(channel);
    }

    /** @return the tag that the answer will have */
    int send(int kind, byte[] payload) {
        lastTag++;
        var frame = ByteBuffer.allocate(4 + HEAD + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        frame.putInt(HEAD + payload.length).putInt(lastTag).put((byte) kind).put(payload).flip();
        raw(frame);
        return lastTag;
    }

    void raw(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    Answer await(int tag) {
        while (!early.containsKey(tag)) {
            next();
        }
        return early.remove(tag);
    }

    /** @return the tag of the next frame, whose answer {@link #await} then has */
    int next() {
        try {
            int length = ByteBuffer.wrap(exactly(4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
            var frame = ByteBuffer.wrap(exactly(length)).order(ByteOrder.LITTLE_ENDIAN);
            int tag = frame.getInt();
            int status = frame.get();
            var payload = new byte[frame.remaining()];
            frame.get(payload);
            early.put(tag, new Answer(status, payload));
            return tag;
        } catch (IOException ended) {
            throw new UncheckedIOException(ended);
        }
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    Answer ask(int kind, byte[] payload) {
        return await(send(kind, payload));
    }

    Answer ping(byte[] payload) {
        return ask(PING, payload);
    }

    /** Whether handd has closed its end, which this waits for. */
    boolean ended() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
