package dev.handloom.kit.seal;

import java.io.IOException;

/** Bytes too long for the log, by what they are: an owner's blob goes by its SHA-256. Fits an object store. */
interface Blobs {
    /**
     * Durable when it returns. The same bytes twice are one blob.
     *
     * @return their SHA-256 in hexadecimal
     */
    String put(String owner, byte[] bytes) throws IOException;

    /** @throws IOException also when it is not there, or is not what it was */
    byte[] get(String owner, String sha256) throws IOException;

    /** Removes all blobs of an owner; nothing when there are none. */
    void erase(String owner) throws IOException;
}
