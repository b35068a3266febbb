package dev.handloom.sandbox.hands.handd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The payload of a frame that is being written. */
final class Payload {
    private byte[] bytes = new byte[128];
    private int size;

    Payload u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Payload u32(int value) {
        room(Integer.BYTES);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    Payload str(String value) {
        var encoded = value.getBytes(StandardCharsets.UTF_8);
        u32(encoded.length);
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    /** All that the other one holds. */
    Payload all(Payload other) {
        room(other.size);
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
        return this;
    }

    int size() {
        return size;
    }

    void copyTo(ByteBuffer frame) {
        frame.put(bytes, 0, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
