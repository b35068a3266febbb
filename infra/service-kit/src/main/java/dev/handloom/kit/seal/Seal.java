package dev.handloom.kit.seal;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.log.StorageFull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Seals what belongs to an owner, with a key of its own: AES-256-GCM, the owner's name as additional data, so that what
 * was sealed for one does not open for another. The keys lie in {@code keys.db}, long payloads in {@code blobs}.
 */
public final class Seal implements AutoCloseable {
    private final KeyFile file;
    private final Keys keys;
    private final Blobs blobs;

    private Seal(KeyFile file, Keys keys, Blobs blobs) {
        this.file = file;
        this.keys = keys;
        this.blobs = blobs;
    }

    /**
     * @param masterKey 32 bytes in Base64; nothing for the one in the folder, which is made if there are no keys yet
     * @throws DataFolder.Unusable when the keys there are another master key's
     */
    public static Seal open(DataFolder folder, @Nullable String masterKey) {
        var file = new KeyFile(folder);
        try {
            var master = MasterKey.of(masterKey, folder, file.hasMaster());
            if (!file.isRight(master)) {
                throw new DataFolder.Unusable(folder.data(),
                        "its sessions are sealed with another master key than the one given");
            }
            return new Seal(file, new Keys(file, master), BlobFolder.in(folder));
        } catch (IOException broken) {
            file.close();
            throw new DataFolder.Unusable(folder.data(), broken);
        } catch (RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    /**
     * What is to be stored of something that belongs to a session.
     *
     * @param owner the session's id
     * @throws StorageFull when there is no room for the blob
     */
    public byte[] seal(String owner, byte[] plain) {
        var name = name(owner);
        var sealed = Gcm.seal(keys.of(owner), plain, name);
        if (sealed.length <= SealedPayload.WITHIN_BYTES_MAX) {
            return SealedPayload.within(name, sealed);
        }
        try {
            return SealedPayload.beside(name, blobs.put(owner, sealed), plain.length);
        } catch (IOException refused) {
            throw new StorageFull("a payload of " + plain.length + " bytes cannot be kept beside the log", refused);
        }
    }

    /**
     * What was sealed; or what was stored, if that was not sealed.
     *
     * @throws Erased  when the owner's key was destroyed
     * @throws Damaged when it cannot be opened with that key
     */
    public byte[] open(byte[] stored) {
        var payload = SealedPayload.of(stored);
        if (payload == null) {
            return stored;
        }
        var key = keys.find(payload.owner());
        if (key == null) {
            throw new Erased(payload.owner());
        }
        var plain = payload.blob() == null
                ? Gcm.open(key, stored, payload.from(), name(payload.owner()))
                : opened(payload, payload.blob(), key);
        if (plain == null || plain.length != payload.plainBytes()) {
            throw new Damaged("a sealed payload of " + payload.owner() + " is damaged", null);
        }
        return plain;
    }

    private byte @Nullable [] opened(SealedPayload payload, String blob, SecretKey key) {
        try {
            return Gcm.open(key, blobs.get(payload.owner(), blob), 0, name(payload.owner()));
        } catch (NoSuchFileException missing) {
            throw new Damaged("blob " + blob + " of " + payload.owner() + " is missing", missing);
        } catch (IOException unreadable) {
            throw new Damaged("blob " + blob + " of " + payload.owner() + " cannot be read", unreadable);
        }
    }

    /** Whether it was sealed with a key that is no more. */
    public boolean isErased(byte[] stored) {
        var payload = SealedPayload.of(stored);
        return payload != null && keys.find(payload.owner()) == null;
    }

    /** Destroys the owner's key, and with it all that was sealed for it. Again does nothing. */
    public void erase(String owner) {
        keys.destroy(owner);
        try {
            blobs.erase(owner);
        } catch (IOException left) {
            throw new IllegalStateException("the blobs of " + owner + " cannot be removed; without their key they "
                    + "say nothing", left);
        }
    }

    private static byte[] name(String owner) {
        return owner.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        file.close();
    }
}
