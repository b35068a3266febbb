package dev.handloom.kit;

import java.security.SecureRandom;

/** Names for new things: a prefix, {@code 01}, and 22 base58 characters (128 bits) from a secure source. */
public final class Ids {
    private static final char[] BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".toCharArray();
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** @param prefix with its underscore, such as {@code sesn_} */
    public static String next(String prefix) {
        var id = new StringBuilder(prefix.length() + 24).append(prefix).append("01");
        var random = new byte[22];
        RANDOM.nextBytes(random);
        for (byte b : random) {
            id.append(BASE58[(b & 0xff) % BASE58.length]);
        }
        return id.toString();
    }
}
