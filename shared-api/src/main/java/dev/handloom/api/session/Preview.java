package dev.handloom.api.session;

/** A glimpse of an event that is still being generated. Never stored; may be shed (contract/events.md §10). */
public sealed interface Preview {
    SessionId sessionId();

    String eventId();

    /** @param type {@code agent.message} or {@code agent.thinking} */
    record Started(SessionId sessionId, String eventId, String type) implements Preview {}

    record TextAdded(SessionId sessionId, String eventId, String text) implements Preview {}

    /** Where the harness leaves previews for whoever watches. Returns at once. */
    @FunctionalInterface
    interface Board {
        void show(Preview preview);
    }
}
