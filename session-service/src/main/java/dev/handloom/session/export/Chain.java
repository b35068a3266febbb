package dev.handloom.session.export;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The hash that runs along the events of an export (docs/POSITIONS.md): of each line, the SHA-256 of the hash before it,
 * as 64 hexadecimal digits, and of the line's bytes up to its last member, which is the hash.
 */
final class Chain {
    private static final String MEMBER = ",\"hash\":\"";
    private static final String END = "\"}";
    private static final int DIGITS = 64;
    private static final int TAIL = MEMBER.length() + DIGITS + END.length();

    private final MessageDigest sha256 = sha256();
    private String hash = "0".repeat(DIGITS);

    /** Of all events so far; zeros before the first. */
    String hash() {
        return hash;
    }

    /**
     * The whole line with its hash.
     *
     * @param open a JSON object in UTF-8 without its closing brace
     */
    String close(String open) {
        var bytes = open.getBytes(StandardCharsets.UTF_8);
        add(bytes, bytes.length);
        return open + MEMBER + hash + END;
    }

    /** Whether the line carries the hash that it must have after those before it. */
    boolean takes(byte[] line) {
        int open = line.length - TAIL;
        if (open < 0) {
            return false;
        }
        add(line, open);
        return Arrays.equals(line, open, line.length, (MEMBER + hash + END).getBytes(StandardCharsets.US_ASCII), 0,
                TAIL);
    }

    private void add(byte[] bytes, int length) {
        sha256.update(hash.getBytes(StandardCharsets.US_ASCII));
        sha256.update(bytes, 0, length);
        hash = HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
