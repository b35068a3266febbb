package dev.handloom.standalone.launcher;

import java.util.Objects;

/** Which Handloom this is. */
final class Version {
    /** As the jar's manifest says. */
    static final String TEXT = Objects.requireNonNullElse(
            Version.class.getPackage().getImplementationVersion(), "unpackaged");

    private Version() {}
}
