package dev.handloom.sandbox.environments;

import java.time.Instant;
import org.axonframework.serialization.Revision;

/** What happened to an environment. */
sealed interface EnvironmentEvent {
    String environmentId();

    Instant at();

    @Revision("1")
    record Defined(String environmentId, Definition definition, Instant at) implements EnvironmentEvent {}

    @Revision("1")
    record Archived(String environmentId, Instant at) implements EnvironmentEvent {}

    @Revision("1")
    record Deleted(String environmentId, Instant at) implements EnvironmentEvent {}
}
