package dev.handloom.session.stream;

import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** One tail of the log per process, handed to everyone who watches a session. Nobody who is slow holds it up. */
@Component
class Hub implements Preview.Board {
    private final SessionLog log;
    private final ConcurrentHashMap<SessionId, List<Watcher>> watchers = new ConcurrentHashMap<>();

    Hub(SessionLog log) {
        this.log = log;
        var _ = log.tail(this::committed);
    }

    /** Runs on the log writer's thread. */
    private void committed(SessionLog.Entry entry) {
        var watching = watchers.get(entry.event().sessionId());
        if (watching != null) {
            var frame = new Frame.Stored(entry, log);
            watching.forEach(watcher -> watcher.offer(frame));
        }
    }

    @Override
    public void show(Preview preview) {
        var watching = watchers.get(preview.sessionId());
        if (watching != null) {
            watching.forEach(watcher -> watcher.offer(preview));
        }
    }

    Watcher watch(SessionId session) {
        var watcher = new Watcher(session, log);
        watchers.compute(session, (_, present) -> {
            var list = present == null ? new CopyOnWriteArrayList<Watcher>() : present;
            list.add(watcher);
            return list;
        });
        return watcher;
    }

    void leave(Watcher watcher) {
        watchers.computeIfPresent(watcher.session(), (_, list) -> {
            list.remove(watcher);
            return list.isEmpty() ? null : list;
        });
    }

    @EventListener(ContextClosedEvent.class)
    void closing() {
        watchers.values().forEach(list -> list.forEach(Watcher::end));
    }
}
