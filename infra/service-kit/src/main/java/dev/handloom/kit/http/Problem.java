package dev.handloom.kit.http;

import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered with what it asked for. Controllers throw it; the client reads it in the contract's
 * error envelope (contract/README.md §1.8). The message names the field and is written for the client.
 */
public final class Problem extends RuntimeException {
    private final Kind kind;
    private final @Nullable String code;

    private Problem(Kind kind, String message, @Nullable String code) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
    }

    /** The kinds of problem, with the status and the {@code error.type} each of them has on the wire. */
    public enum Kind {
        INVALID(400, "invalid_request_error"), //
        UNAUTHENTICATED(401, "authentication_error"), //
        FORBIDDEN(403, "permission_error"), //
        MISSING(404, "not_found_error"), //
        METHOD_NOT_ALLOWED(405, "invalid_request_error"), //
        CONFLICT(409, "conflict_error"), //
        /** Two writers met: the same request may well succeed a moment later. */
        COLLISION(409, "conflict_error"), //
        TOO_LARGE(413, "request_too_large"), //
        HEADERS_TOO_LARGE(431, "invalid_request_error"), //
        INTERNAL(500, "api_error"), //
        NOT_BUILT(501, "api_error"), //
        UNAVAILABLE(503, "api_error"), //
        STORAGE_FULL(507, "api_error");

        private final int status;
        private final String type;

        Kind(int status, String type) {
            this.status = status;
            this.type = type;
        }

        public int status() {
            return status;
        }

        public String type() {
            return type;
        }

        /** Whether the SDKs, which retry 409 and 5xx, are told that it is no use. */
        boolean permanent() {
            return this == CONFLICT || this == NOT_BUILT;
        }
    }

    /** @param field its path in the body, such as {@code tools[2].name}, or the name of a query parameter */
    public static Problem invalid(String field, String message) {
        return new Problem(Kind.INVALID, field + ": " + message, null);
    }

    /** @param code the contract's {@code details.error_code} */
    public static Problem invalid(String field, String message, String code) {
        return new Problem(Kind.INVALID, field + ": " + message, code);
    }

    /** A request that no single field makes wrong. */
    public static Problem invalid(String message) {
        return new Problem(Kind.INVALID, message, null);
    }

    public static Problem missing(String message) {
        return new Problem(Kind.MISSING, message, null);
    }

    /** Permanent: the same request will fail again. */
    public static Problem conflict(String message) {
        return new Problem(Kind.CONFLICT, message, null);
    }

    /** @param what names the thing and what brings it: "files arrive with …" */
    public static Problem notBuilt(String what) {
        return new Problem(Kind.NOT_BUILT, "Not built yet: " + what, null);
    }

    public static Problem unavailable(String message) {
        return new Problem(Kind.UNAVAILABLE, message, null);
    }

    public static Problem of(Kind kind, String message, @Nullable String code) {
        return new Problem(kind, message, code);
    }

    /** For a kind that only another service's answer names. An unknown status is an internal error. */
    public static Problem ofStatus(int status, String message, @Nullable String code) {
        for (var kind : Kind.values()) {
            if (kind.status == status) {
                return new Problem(kind, message, code);
            }
        }
        return new Problem(Kind.INTERNAL, message, code);
    }

    public Kind kind() {
        return kind;
    }

    public @Nullable String code() {
        return code;
    }

    /** Never null: every factory asks for a message. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
