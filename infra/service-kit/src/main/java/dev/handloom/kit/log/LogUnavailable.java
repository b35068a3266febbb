package dev.handloom.kit.log;

import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * The log takes no appends: it was closed, its disk failed, its database or server cannot be reached, or another server writes to
 * it. Nothing of the append was stored. Reads may go on. HTTP 503.
 */
public class LogUnavailable extends EventStoreException {
    LogUnavailable(String message) {
        super(message);
    }

    public LogUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
