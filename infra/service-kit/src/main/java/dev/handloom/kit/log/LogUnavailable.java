package dev.handloom.kit.log;

import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * The log takes no more appends: it was closed, or its disk failed. Reads may go on. Of a server: neither can be asked
 * for at the moment. Nothing of the append was stored, in either case. HTTP 503.
 */
public class LogUnavailable extends EventStoreException {
    LogUnavailable(String message) {
        super(message);
    }

    public LogUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
