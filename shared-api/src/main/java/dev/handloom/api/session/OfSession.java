package dev.handloom.api.session;

/** Belongs to one session, and is stored sealed with that session's key: when the session is deleted, so is the key. */
public interface OfSession {
    SessionId sessionId();

    /** Says nothing of what the session said, and may be read when its key is gone: stored as it stands. */
    default boolean outlivesErasure() {
        return false;
    }
}
