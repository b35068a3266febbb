package dev.handloom.kit.log;

import org.jspecify.annotations.Nullable;

/** The log cannot be opened, so the platform cannot start; the message says why, for the operator. */
public class LogUnusable extends RuntimeException {
    public LogUnusable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
