package dev.handloom.sandbox.execute;

import dev.handloom.sandbox.hands.Hand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One session's place among the hands: at most one hand that is made or being made, however many calls want it. */
final class Place {
    /**
     * A hand that is there, or on its way.
     *
     * @param fresh whether the session must still be told that it had another hand before
     */
    record Making(CompletableFuture<Hand> hand, AtomicBoolean fresh) {
        static Making done(Hand hand) {
            return new Making(CompletableFuture.completedFuture(hand), new AtomicBoolean());
        }

        /** The hand, if it is made and alive. */
        Optional<Hand> alive() {
            return hand.isDone() && !hand.isCompletedExceptionally()
                    ? Optional.of(hand.join()).filter(Hand::alive)
                    : Optional.empty();
        }

        boolean wanted() {
            return !hand.isDone() || alive().isPresent();
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Making making;
    private boolean released;

    /**
     * What the session has; begun if there is nothing, or nothing alive.
     *
     * @return empty when the session is over
     */
    Optional<Making> making(Supplier<Making> begin) {
        lock.lock();
        try {
            if (released) {
                return Optional.empty();
            }
            if (making == null || !making.wanted()) {
                making = begin.get();
            }
            return Optional.of(making);
        } finally {
            lock.unlock();
        }
    }

    /** Does it unless the session is over, which cannot happen meanwhile. */
    void unlessReleased(Runnable record) {
        lock.lock();
        try {
            if (!released) {
                record.run();
            }
        } finally {
            lock.unlock();
        }
    }

    Optional<Hand> alive() {
        lock.lock();
        try {
            return making == null ? Optional.empty() : making.alive();
        } finally {
            lock.unlock();
        }
    }

    boolean taken() {
        lock.lock();
        try {
            return making != null && making.wanted();
        } finally {
            lock.unlock();
        }
    }

    /** From now on there is none. @return what there was */
    Optional<Making> release() {
        lock.lock();
        try {
            released = true;
            return Optional.ofNullable(making);
        } finally {
            lock.unlock();
        }
    }
}
