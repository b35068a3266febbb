package dev.handloom.kit.log;

import java.sql.SQLException;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.ListenerInvocationErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an event whose handler failed. When the store failed (a full disk, say), the batch is rolled back and
 * its events are handled again once the store works. A mistake in the handler would come back each time and hold up
 * everybody's events, so that one event is passed over, and the log says which.
 */
class StoreTroubles implements ListenerInvocationErrorHandler {
    private static final Logger log = LoggerFactory.getLogger(StoreTroubles.class);

    @Override
    public void onError(Exception failure, EventMessage<?> event, EventMessageHandler handler) throws Exception {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                throw failure;
            }
        }
        log.error("{} cannot handle event {} ({}), which is passed over", handler.getTargetType().getSimpleName(),
                event.getIdentifier(), event.getPayloadType().getName(), failure);
    }
}
