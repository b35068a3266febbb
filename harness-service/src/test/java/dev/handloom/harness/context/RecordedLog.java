package dev.handloom.harness.context;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Logs kept in memory, to be read. */
public final class RecordedLog implements SessionLog {
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();

    public void add(SessionEvent event) {
        events.add(event);
    }

    @Override
    public List<Entry> slice(SessionId session, long from, int limit) {
        var entries = new ArrayList<Entry>();
        long position = 0;
        for (var event : events) {
            if (event.sessionId().equals(session) && ++position >= from && entries.size() < limit) {
                entries.add(new Entry(position, event));
            }
        }
        return entries;
    }

    @Override
    public long head(SessionId session) {
        return events.stream().filter(event -> event.sessionId().equals(session)).count();
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
        throw new AssertionError("nobody erases");
    }

    @Override
    public AutoCloseable tail(Consumer<Entry> listener) {
        return () -> {};
    }
}
