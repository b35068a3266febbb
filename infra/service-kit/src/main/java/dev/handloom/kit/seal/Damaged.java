package dev.handloom.kit.seal;

import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;

/** Sealed bytes are not as they were stored, or a blob is missing. It concerns the session that they belong to. */
class Damaged extends SerializationException {
    Damaged(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
