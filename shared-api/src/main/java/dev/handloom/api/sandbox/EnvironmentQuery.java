package dev.handloom.api.sandbox;

import org.jspecify.annotations.Nullable;

/** What may be asked about environments. */
public sealed interface EnvironmentQuery {
    /** Answered with a {@link Found}. */
    record Find(String environmentId) implements EnvironmentQuery {}

    /** @param type {@code cloud} or {@code self_hosted}; null when there is no such environment */
    record Found(@Nullable String type, boolean archived) {}
}
