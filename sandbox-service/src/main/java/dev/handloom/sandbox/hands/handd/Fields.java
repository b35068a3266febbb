package dev.handloom.sandbox.hands.handd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The fields of a payload that came in, read in their order. What is missing or impossible is a {@link BadFrame}. */
final class Fields {
    private final ByteBuffer payload;

    /** @param payload little endian */
    Fields(ByteBuffer payload) {
        this.payload = payload;
    }

    int u8() throws BadFrame {
        return Byte.toUnsignedInt(need(1).get());
    }

    int i32() throws BadFrame {
        return need(Integer.BYTES).getInt();
    }

    /** A {@code u32} that counts something we hold in memory. */
    int count() throws BadFrame {
        int value = i32();
        if (value < 0) {
            throw new BadFrame("a count of " + Integer.toUnsignedString(value));
        }
        return value;
    }

    long u64() throws BadFrame {
        long value = need(Long.BYTES).getLong();
        if (value < 0) {
            throw new BadFrame("a number of " + Long.toUnsignedString(value));
        }
        return value;
    }

    byte[] bytes() throws BadFrame {
        int length = count();
        var from = need(length);
        var value = new byte[length];
        from.get(value);
        return value;
    }

    /** Malformed UTF-8 becomes U+FFFD. */
    String str() throws BadFrame {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private ByteBuffer need(int length) throws BadFrame {
        if (payload.remaining() < length) {
            throw new BadFrame("a payload that ends too early");
        }
        return payload;
    }
}
