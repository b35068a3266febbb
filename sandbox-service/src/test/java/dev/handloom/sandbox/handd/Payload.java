package dev.handloom.sandbox.handd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The fields of a frame, written one after the other as PROTOCOL.md says. */
final class Payload {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Payload u8(int value) {
        bytes.write(value);
        return this;
    }

    Payload u32(long value) {
        bytes.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array());
        return this;
    }

    Payload str(byte[] value) {
        u32(value.length);
        bytes.writeBytes(value);
        return this;
    }

    Payload str(String value) {
        return str(value.getBytes(StandardCharsets.UTF_8));
    }

    Payload raw(byte[] value) {
        bytes.writeBytes(value);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
