package dev.handloom.api.session;

/** What may be asked about sessions. */
public sealed interface SessionQuery {
    /** Whether any session that is not deleted stands on this environment. Answered with a Boolean. */
    record UsesEnvironment(String environmentId) implements SessionQuery {}
}
