package dev.handloom.kit.log;

import java.util.Set;

/**
 * How one processing group reads the log. A bean of this kind is all a service needs to declare beside its handlers.
 *
 * @param name         the {@code @ProcessingGroup}
 * @param payloadTypes the event classes it handles; it is neither woken by others nor given them
 * @param batch        the most events one transaction handles, 1 or more
 */
public record ProcessingGroupSpec(String name, Set<Class<?>> payloadTypes, int batch) {}
