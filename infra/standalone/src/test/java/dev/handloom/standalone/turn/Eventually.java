package dev.handloom.standalone.turn;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what cannot be listened to, such as a port or a file: looks often, and not for ever. */
final class Eventually {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private Eventually() {}

    static void holds(String what, BooleanSupplier fact) {
        long deadline = System.nanoTime() + ModelServer.PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came true: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
