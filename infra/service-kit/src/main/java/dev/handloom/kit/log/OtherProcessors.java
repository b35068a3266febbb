package dev.handloom.kit.log;

import java.util.List;
import org.axonframework.eventhandling.StreamingEventProcessor;

/** Whoever runs event processors that Axon's configuration does not know, because they come and go. */
public interface OtherProcessors {
    /** Those that are there now. */
    List<StreamingEventProcessor> processors();
}
