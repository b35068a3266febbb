package dev.handloom.kit.log;

import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** The log takes no more appends: it was closed, or its disk failed. Reads may go on. HTTP 503. */
public class LogUnavailable extends EventStoreException {
    LogUnavailable(String message) {
        super(message);
    }
}
