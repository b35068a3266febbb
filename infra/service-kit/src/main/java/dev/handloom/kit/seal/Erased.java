package dev.handloom.kit.seal;

import org.axonframework.serialization.SerializationException;

/** The key of what is asked for was destroyed, and what it sealed with it. */
class Erased extends SerializationException {
    Erased(String owner) {
        super("the key of " + owner + " was destroyed");
    }
}
