package dev.handloom.sandbox.hands.handd;

import java.time.Duration;

/** What handd runs in: a container, or a process in namespaces of its own. */
public interface Sandbox {
    /** Whether handd can still be running; asked when its connection has ended. May take some milliseconds. */
    boolean alive();

    /**
     * Ends every process of it and removes it, and waits until both are so. Never throws.
     *
     * @return whether it is gone
     */
    boolean end(Duration within);

    /** What there is to be said when it ended before handd said hello; may be empty. */
    default String lastWords() {
        return "";
    }
}
