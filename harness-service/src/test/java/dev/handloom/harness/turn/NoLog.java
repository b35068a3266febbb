package dev.handloom.harness.turn;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.List;
import java.util.function.Consumer;

/** A log in which nothing ever happened. */
final class NoLog implements SessionLog {
    @Override
    public List<Entry> slice(SessionId session, long from, int limit) {
        return List.of();
    }

    @Override
    public Outcome append(SessionId session, long head, List<Writing> events) {
        throw new AssertionError("nobody appends");
    }

    @Override
    public List<Stored> stored(SessionId session, long from, int limit) {
        throw new AssertionError("nobody asks how it is stored");
    }

    @Override
    public void erase(SessionId session) {
        throw new AssertionError("there is nothing to erase");
    }

    @Override
    public long head(SessionId session) {
        return 0;
    }

    @Override
    public AutoCloseable tail(Consumer<Entry> listener) {
        return () -> {};
    }
}
