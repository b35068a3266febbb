package dev.handloom.kit.seal;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM (NIST SP 800-38D): a random nonce of 12 bytes, the cipher text, a tag of 16 bytes. One key seals far fewer
 * than 2^32 payloads, up to which random nonces are sound.
 */
final class Gcm {
    static final int NONCE_BYTES = 12;
    static final int TAG_BYTES = 16;
    /** What sealing adds. */
    static final int EXTRA_BYTES = NONCE_BYTES + TAG_BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();
    /** Kept between uses. A cipher per thread would be one per request: requests run on virtual threads. */
    private static final BlockingQueue<Cipher> IDLE = new ArrayBlockingQueue<>(16);

    private Gcm() {}

    static byte[] random(int bytes) {
        var random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /** @param context sealed with it, though not in it: it must be the same when opened */
    static byte[] seal(SecretKey key, byte[] plain, byte[] context) {
        var nonce = random(NONCE_BYTES);
        var sealed = Arrays.copyOf(nonce, EXTRA_BYTES + plain.length);
        try {
            var cipher = cipher();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
            cipher.updateAAD(context);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_BYTES);
            giveBack(cipher);
            return sealed;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK cannot seal", impossible);
        }
    }

    /** Null when the key, the context or any byte is not the one it was sealed with. */
    static byte @Nullable [] open(SecretKey key, byte[] sealed, int from, byte[] context) {
        if (sealed.length - from < EXTRA_BYTES) {
            return null;
        }
        try {
            var cipher = cipher();
            cipher.init(Cipher.DECRYPT_MODE, key,
                    new GCMParameterSpec(TAG_BYTES * Byte.SIZE, sealed, from, NONCE_BYTES));
            cipher.updateAAD(context);
            var plain = cipher.doFinal(sealed, from + NONCE_BYTES, sealed.length - from - NONCE_BYTES);
            giveBack(cipher);
            return plain;
        } catch (AEADBadTagException _) {
            return null;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK cannot open what was sealed", impossible);
        }
    }

    private static Cipher cipher() throws GeneralSecurityException {
        var idle = IDLE.poll();
        return idle == null ? Cipher.getInstance("AES/GCM/NoPadding") : idle;
    }

    private static void giveBack(Cipher cipher) {
        var _ = IDLE.offer(cipher);
    }
}
