package dev.handloom.sandbox.hands.handd;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** The other end of a line, which does what a test says: good or evil. */
final class ScriptedHandd implements AutoCloseable {
    private final SocketChannel channel;
    private final FrameReader frames;

    private ScriptedHandd(SocketChannel channel) {
        this.channel = channel;
        this.frames = new FrameReader(channel);
    }

    static ScriptedHandd dial(Path socket) throws IOException {
        return new ScriptedHandd(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
    }

    static ScriptedHandd dial(Path socket, String nonce) throws IOException {
        return dial(socket).hello(1, nonce);
    }

    ScriptedHandd hello(int version, String nonce) throws IOException {
        return send(0, 0, new Payload().u32(version).str(nonce));
    }

    ScriptedHandd send(int tag, int kind, Payload payload) throws IOException {
        channel.write(Frame.encoded(tag, kind, payload));
        return this;
    }

    /** What is asked next, of any kind. */
    Frame asked() throws IOException {
        return frames.next(Frame.BYTES_MAX);
    }

    /** The next frame, which must be of this kind and this call. */
    Frame asked(Ask ask, String callId) throws IOException {
        var frame = asked();
        var id = new Fields(frame.payload()).str();
        if (frame.kind() != ask.kind() || !id.equals(callId)) {
            throw new AssertionError("asked kind " + frame.kind() + " of " + id + ", not " + ask + " of " + callId);
        }
        return frame;
    }

    void answer(Frame asked, Status status, Payload payload) throws IOException {
        send(asked.tag(), List.of(Status.values()).indexOf(status), payload);
    }

    /** As bash does that printed this. */
    void printed(Frame asked, String output) throws IOException {
        answer(asked, Status.DONE, new Payload().u32(0)
                .u32(0)
                .u32(output.length())
                .u32(0)
                .str("/workspace")
                .str("")
                .str(output));
    }

    /** Whether the service has closed the connection; waits for it. */
    boolean turnedAway() {
        try {
            asked();
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
