package dev.handloom.kit.projection;

import java.util.function.Consumer;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;

/** Looks at each event, in its transaction, before it is handled or parked. */
record Doorway(EventHandlerInvoker inside, Consumer<EventMessage<?>> look) implements EventHandlerInvoker {
    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return inside.canHandle(event, segment);
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return inside.canHandleType(payloadType);
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        look.accept(event);
        inside.handle(event, segment);
    }

    /** Another generation is built instead. */
    @Override
    public boolean supportsReset() {
        return false;
    }

    @Override
    public void segmentReleased(Segment segment) {
        inside.segmentReleased(segment);
    }
}
