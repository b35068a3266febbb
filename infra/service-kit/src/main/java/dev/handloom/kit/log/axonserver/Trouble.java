package dev.handloom.kit.log.axonserver;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;

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
}
