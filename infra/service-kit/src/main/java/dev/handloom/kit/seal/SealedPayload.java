package dev.handloom.kit.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What is stored in place of a payload. The first byte tells its form; what was stored without a seal is JSON and begins
 * with neither. {@code 01}, the owner's length (1 byte), the owner, the sealed bytes; or {@code 02}, the owner's length,
 * the owner, the SHA-256 of the sealed bytes (32 bytes), which lie in a blob, the plain payload's length (4 bytes).
 *
 * @param owner      whose key opens it, 1 to 255 ASCII characters
 * @param plainBytes how long it is once it is opened
 * @param blob       the SHA-256 of what lies beside the log, in hexadecimal; null when the sealed bytes are here
 * @param from       where the sealed bytes begin, if they are here
 */
public record SealedPayload(String owner, int plainBytes, @Nullable String blob, int from) {
    /** Sealed bytes longer than this lie in a blob. */
    public static final int WITHIN_BYTES_MAX = 64 << 10;

    private static final byte WITHIN = 1;
    private static final byte BESIDE = 2;
    private static final int HASH_BYTES = 32;

    static boolean is(byte[] stored) {
        return stored.length > 0 && (stored[0] == WITHIN || stored[0] == BESIDE);
    }

    /**
     * Null for what was stored without a seal.
     *
     * @throws Damaged when it is too short to be what it says it is
     */
    public static @Nullable SealedPayload of(byte[] stored) {
        if (!is(stored)) {
            return null;
        }
        int from = from(stored);
        var owner = new String(stored, 2, from - 2, StandardCharsets.US_ASCII);
        return stored[0] == WITHIN
                ? new SealedPayload(owner, plainBytes(stored), null, from)
                : new SealedPayload(owner, plainBytes(stored),
                        HexFormat.of().formatHex(stored, from, from + HASH_BYTES), from);
    }

    /** The plain payload's length, whether it is sealed or not. */
    public static int plainBytes(byte[] stored) {
        if (!is(stored)) {
            return stored.length;
        }
        int from = from(stored);
        return stored[0] == WITHIN
                ? stored.length - from - Gcm.EXTRA_BYTES
                : ByteBuffer.wrap(stored).getInt(from + HASH_BYTES);
    }

    private static int from(byte[] stored) {
        int from = stored.length < 2 ? 2 : 2 + (stored[1] & 0xff);
        int least = stored[0] == WITHIN ? from + Gcm.EXTRA_BYTES : from + HASH_BYTES + Integer.BYTES;
        if (stored.length < least) {
            throw new Damaged("a sealed payload is cut off after " + stored.length + " bytes", null);
        }
        return from;
    }

    static byte[] within(byte[] owner, byte[] sealed) {
        return begun(WITHIN, owner, sealed.length).put(sealed).array();
    }

    static byte[] beside(byte[] owner, String blob, int plainBytes) {
        return begun(BESIDE, owner, HASH_BYTES + Integer.BYTES).put(HexFormat.of().parseHex(blob))
                .putInt(plainBytes)
                .array();
    }

    private static ByteBuffer begun(byte form, byte[] owner, int rest) {
        return ByteBuffer.allocate(2 + owner.length + rest).put(form).put((byte) owner.length).put(owner);
    }
}
