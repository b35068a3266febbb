package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.LogUnavailable;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.ExecutionException;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/** What a failed call to the server means. */
enum Trouble {
    /** The place is taken, or the one before it is not: nothing was stored. */
    CONFLICT,
    /** The server does not let us in. */
    DENIED,
    /** The server cannot take it, now or later: nothing was stored. */
    REFUSED,
    /** There was no connection, so nothing was sent. */
    UNREACHED,
    /** Whoever waited was interrupted. */
    INTERRUPTED,
    /** Anything else, a connection that broke for one: it may have been done or not. */
    UNCLEAR;

    /** There is no connection to send anything on. */
    static final class Unreached extends Exception {
        Unreached() {
            super("there is no connection to Axon Server");
        }
    }

    static Trouble of(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Unreached _ -> {
                    return UNREACHED;
                }
                case InterruptedException _ -> {
                    return INTERRUPTED;
                }
                case StatusRuntimeException status -> {
                    return of(status.getStatus().getCode());
                }
                case StatusException status -> {
                    return of(status.getStatus().getCode());
                }
                default -> {}
            }
        }
        return UNCLEAR;
    }

    private static Trouble of(io.grpc.Status.Code code) {
        return switch (code) {
            case OUT_OF_RANGE -> CONFLICT;
            case PERMISSION_DENIED, UNAUTHENTICATED -> DENIED;
            case INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED -> REFUSED;
            default -> UNCLEAR;
        };
    }

    /** Whether the same call may do better later. */
    boolean passes() {
        return this == UNREACHED || this == UNCLEAR;
    }

    /**
     * What an append throws: the server's own refusal when the place is taken, otherwise what the log says in such a case.
     *
     * @param sent whether anything of it was ever sent
     */
    static RuntimeException ofAppend(Exception failed, boolean sent) {
        var trouble = of(failed);
        if (trouble == CONFLICT && failed instanceof ExecutionException
                && failed.getCause() instanceof StatusRuntimeException taken) {
            return taken;
        }
        if (trouble == INTERRUPTED) {
            Thread.currentThread().interrupt();
        }
        return switch (trouble) {
            case DENIED -> denied(failed);
            case REFUSED -> new IllegalArgumentException(
                    "Axon Server cannot take this append, nothing of it is stored: " + words(failed), failed);
            case UNREACHED, UNCLEAR, INTERRUPTED, CONFLICT -> sent
                    ? new EventStoreException("no answer from Axon Server: it may or may not be stored", failed)
                    : notSent(trouble, failed);
        };
    }

    private static EventStoreException notSent(Trouble trouble, Exception failed) {
        return trouble == INTERRUPTED
                ? new EventStoreException("interrupted before anything was sent", failed)
                : new LogUnavailable("Axon Server cannot be reached at the moment: nothing was stored", failed);
    }

    /** What a read throws. */
    static RuntimeException ofRead(Exception failed) {
        return switch (of(failed)) {
            case DENIED -> denied(failed);
            case INTERRUPTED -> {
                Thread.currentThread().interrupt();
                yield new EventStoreException("interrupted while asking Axon Server", failed);
            }
            case CONFLICT, REFUSED -> new EventStoreException("Axon Server refuses: " + words(failed), failed);
            case UNREACHED, UNCLEAR -> new LogUnavailable("Axon Server cannot be reached at the moment", failed);
        };
    }

    private static LogUnavailable denied(Exception failed) {
        return new LogUnavailable("Axon Server does not let us in: " + words(failed), failed);
    }

    private static String words(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
