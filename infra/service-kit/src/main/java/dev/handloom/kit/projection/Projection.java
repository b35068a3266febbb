package dev.handloom.kit.projection;

import java.util.Set;

/**
 * Rows in the state file that follow from the log alone. A bean of this kind is all a service needs to declare. Every
 * row carries its generation: a second one is built beside the first when the projection is reset, and reads take the
 * one that {@link #live} names.
 */
public interface Projection {
    /** As the API calls it; also names its event processors and never changes. */
    String name();

    /** The event classes it handles. A session's {@code Deleted} belongs to them when its rows name sessions. */
    Set<Class<?>> payloadTypes();

    /**
     * Changes the rows, in the transaction that also says that this event has been handled: once, whatever dies. What
     * it changed before it threw is undone, and the session's later events wait until this one can be handled.
     */
    void on(Object event, long generation);

    /**
     * Removes rows of a generation that nobody reads any more.
     *
     * @param rowsMax 1 or more
     * @return how many were removed; 0 when none are left
     */
    int forget(long generation, int rowsMax);

    /** The SQL expression for the generation that reads take. */
    static String live(String name) {
        return "(select generation from projection where name = '" + name + "' and role = 'live')";
    }
}
