package dev.handloom.kit.seal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One key an owner, made when it is first needed. Two that need it at once get the same. */
final class Keys {
    private static final int KEY_BYTES = 32;
    /** Keys that stay open in memory; the others are unwrapped again. */
    private static final int OPEN_MAX = 10_000;

    private final KeyFile file;
    private final MasterKey master;
    private final Cache<String, SecretKey> open = Caffeine.newBuilder().maximumSize(OPEN_MAX).build();

    Keys(KeyFile file, MasterKey master) {
        this.file = file;
        this.master = master;
    }

    SecretKey of(String owner) {
        return open.get(owner, _ -> {
            var there = read(owner);
            if (there != null) {
                return there;
            }
            var made = Gcm.random(KEY_BYTES);
            file.add(owner, master.wrap(made, context(owner)));
            return new SecretKeySpec(made, "AES");
        });
    }

    /** Null when there is none: it was destroyed, or never made. */
    @Nullable
    SecretKey find(String owner) {
        var found = open.getIfPresent(owner);
        return found != null ? found : open.asMap().computeIfAbsent(owner, this::read);
    }

    private @Nullable SecretKey read(String owner) {
        var wrapped = file.find(owner);
        if (wrapped == null) {
            return null;
        }
        var key = master.unwrap(wrapped, context(owner));
        if (key == null) {
            throw new Damaged("the key of " + owner + " is damaged", null);
        }
        return new SecretKeySpec(key, "AES");
    }

    void destroy(String owner) {
        open.asMap().compute(owner, (_, _) -> {
            if (file.find(owner) != null) {
                file.remove(owner);
            }
            return null;
        });
    }

    private static byte[] context(String owner) {
        return owner.getBytes(StandardCharsets.US_ASCII);
    }
}
