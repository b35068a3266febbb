package dev.handloom.sandbox.hands.jvm;

import java.nio.charset.Charset;
import java.util.Arrays;

/** What was in a file when it was read: the first bytes of an array, which nobody changes there any more. */
final class Content {
    private final byte[] bytes;
    private final int size;

    Content(byte[] bytes, int size) {
        this.bytes = bytes;
        this.size = size;
    }

    int size() {
        return size;
    }

    byte at(int index) {
        return bytes[index];
    }

    /** @param charset bytes that mean nothing in it become U+FFFD */
    String text(Charset charset) {
        return new String(bytes, 0, size, charset);
    }

    /** The bytes from {@code from} (included) to {@code to} (excluded). */
    String text(int from, int to, Charset charset) {
        return new String(bytes, from, to - from, charset);
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }
}
