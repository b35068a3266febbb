package dev.handloom.kit.log;

import java.util.Set;

/**
 * How one processing group reads the log. A bean of this kind is all a service needs to declare beside its handlers.
 *
 * @param name         the {@code @ProcessingGroup}
 * @param payloadTypes the event classes it handles, at least one; it is neither woken by others nor given them
 * @param batch        the most events one transaction handles, 1 or more
 */
public record ProcessingGroupSpec(String name, Set<Class<?>> payloadTypes, int batch) {
    public ProcessingGroupSpec {
        if (payloadTypes.isEmpty() || batch < 1) {
            throw new IllegalArgumentException("the group " + name + " needs an event type and a batch of 1 or more");
        }
    }
}
