package dev.handloom.kit;

import java.security.SecureRandom;

/** Names for new things: a prefix, {@code 01}, and 22 base58 characters (128 bits) from a secure source. */
public final class Ids {
    private static final char[] BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray();
    private static final int CHARS = 22;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** @param prefix with its underscore, such as {@code sesn_} */
    public static String next(String prefix) {
        var random = new byte[CHARS];
        RANDOM.nextBytes(random);
        return of(prefix, random);
    }

    /** The name that follows from these bytes, of which the first 22 count. */
    public static String of(String prefix, byte[] bytes) {
        var id = new StringBuilder(prefix.length() + 24).append(prefix).append("01");
        for (int i = 0; i < CHARS; i++) {
            id.append(BASE58[(bytes[i] & 0xff) % BASE58.length]);
        }
        return id.toString();
    }
}
