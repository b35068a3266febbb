package dev.handloom.kit.log;

/** Lets a read wait until a projection has seen everything that was acknowledged before the read began. */
public interface CaughtUp {
    /**
     * Returns when the group has handled all of its events that were committed before this call; at the latest after
     * two seconds, with whatever it has by then.
     */
    void await(String processingGroup);
}
