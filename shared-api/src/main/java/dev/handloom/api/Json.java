package dev.handloom.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One JSON document as text, kept exactly as it was received. Inside another document it travels as a string, so that
 * not a byte of it (number forms, key order, escapes) changes between the model that wrote it and the request that
 * repeats it.
 */
public record Json(@JsonValue String text) {
    @JsonCreator
    public Json {}

    @Override
    public String toString() {
        return text;
    }
}
