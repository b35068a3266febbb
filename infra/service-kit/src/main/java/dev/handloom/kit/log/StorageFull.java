package dev.handloom.kit.log;

import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** The disk is full: nothing of the append was stored. Reads go on; writes work again once there is room. HTTP 507. */
public class StorageFull extends EventStoreException {
    public StorageFull(String message, Throwable cause) {
        super(message, cause);
    }
}
