package dev.handloom.sandbox.hands.handd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One frame of handd's protocol (PROTOCOL.md): {@code u32 length | u32 tag | u8 kind | payload}, little endian.
 *
 * @param kind    what is asked, or the status of an answer; 0 to 255
 * @param payload to be read once
 */
record Frame(int tag, int kind, ByteBuffer payload) {
    /** What the length counts besides the payload. */
    static final int HEAD = Integer.BYTES + 1;
    /** The longest frame either side may send, without its length, in bytes. */
    static final int BYTES_MAX = 32 << 20;

    static ByteBuffer encoded(int tag, int kind, Payload payload) {
        int length = HEAD + payload.size();
        if (length > BYTES_MAX) {
            throw new IllegalArgumentException("a frame of " + length + " bytes");
        }
        var bytes = ByteBuffer.allocate(Integer.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(length).putInt(tag).put((byte) kind);
        payload.copyTo(bytes);
        return bytes.flip();
    }

    /** @param bytes what the length counted */
    static Frame decoded(ByteBuffer bytes) {
        return new Frame(bytes.getInt(), Byte.toUnsignedInt(bytes.get()),
                bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    }
}
