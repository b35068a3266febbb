package dev.handloom.kit.log;

import dev.handloom.api.session.SessionLog;
import java.util.Set;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.messaging.StreamableMessageSource;

/** A log engine as its contract sees it. Closing it leaves what it stored; opened again on the same place, it is there. */
public interface Engine extends AutoCloseable {
    EventStore store();

    LogEngine engine();

    SessionLog sessions();

    /**
     * The events of some types in global order, with a wake-up for who waits. It is there when everything that is stored by
     * now has come by.
     */
    StreamableMessageSource<TrackedEventMessage<?>> source(Set<Class<?>> payloadTypes);

    /** Whether a commit has come by everybody who listens when it is acknowledged, not a little later. */
    default boolean tellsBeforeItAcknowledges() {
        return true;
    }

    /** Whether the log holds only what the test wrote. */
    default boolean isAlone() {
        return true;
    }

    @Override
    void close();
}
