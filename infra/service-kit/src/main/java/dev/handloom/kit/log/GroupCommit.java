package dev.handloom.kit.log;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventsourcing.eventstore.EventStoreException;

/**
 * The one thread that writes events. What has gathered while the last commit was being forced to the disk goes into the
 * next one, so that many sessions share the cost of one flush. As there is one writer, the global order has no gaps
 * that fill later.
 */
class GroupCommit implements AutoCloseable {
    /** The most events one commit takes together; larger single appends go alone. */
    private static final int GROUP_EVENTS_MAX = 256;
    /** The most appends that may wait; the next one waits for a place. */
    private static final int WAITING_MAX = 4096;

    /** Events that are now durable, with their global indexes from {@code firstGlobal} on. */
    record Committed(long firstGlobal, List<EventMessage<?>> messages, List<Row> rows) {}

    private sealed interface Work {
        CompletableFuture<Void> done();
    }

    private record Append(List<EventMessage<?>> messages, List<Row> rows, CompletableFuture<Void> done)
            implements Work {}

    private record Chore(Task task, CompletableFuture<Void> done) implements Work {}

    private record Stop(CompletableFuture<Void> done) implements Work {}

    /** Something else that needs the writer's connection. */
    interface Task {
        void run(Events events) throws SQLException;
    }

    private final Events events;
    private final Consumer<Committed> afterCommit;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;

    /** @param afterCommit called on the writer's thread, in commit order; must return at once */
    GroupCommit(Events events, Consumer<Committed> afterCommit) {
        this.events = events;
        this.afterCommit = afterCommit;
        this.thread = Thread.ofPlatform().name("log-writer").daemon().start(this::write);
    }

    /** Returns when the events are on the disk. */
    void append(List<? extends EventMessage<?>> messages, List<Row> rows) throws SQLException {
        await(new Append(List.copyOf(messages), rows, new CompletableFuture<>()));
    }

    void run(Task task) throws SQLException {
        await(new Chore(task, new CompletableFuture<>()));
    }

    private void await(Work work) throws SQLException {
        try {
            if (!thread.isAlive()) {
                throw new EventStoreException("the log is closed");
            }
            waiting.put(work);
            work.done().get();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof SQLException reason) {
                throw reason;
            }
            throw new EventStoreException("the log writer failed", refused.getCause());
        } catch (InterruptedException interrupted) {
            // The append may still be committed: the caller must treat the outcome as unknown.
            Thread.currentThread().interrupt();
            throw new EventStoreException("interrupted while waiting for the disk", interrupted);
        }
    }

    private void write() {
        var group = new ArrayList<Append>();
        Work held = null;
        while (true) {
            Work first = held == null ? take() : held;
            held = null;
            if (first instanceof Stop) {
                first.done().complete(null);
                return;
            }
            if (first instanceof Chore chore) {
                settle(chore);
                continue;
            }
            group.clear();
            group.add((Append) first);
            int size = ((Append) first).rows().size();
            while (held == null && waiting.peek() != null) {
                Work next = waiting.remove();
                if (next instanceof Append append && size + append.rows().size() <= GROUP_EVENTS_MAX) {
                    group.add(append);
                    size += append.rows().size();
                } else {
                    held = next;
                }
            }
            settle(group);
        }
    }

    private Work take() {
        while (true) {
            try {
                return waiting.take();
            } catch (InterruptedException ignored) {
                // Only close() ends this thread, so that nothing that waits is forgotten.
            }
        }
    }

    private void settle(Chore chore) {
        try {
            chore.task().run(events);
            chore.done().complete(null);
        } catch (SQLException | RuntimeException failed) {
            chore.done().completeExceptionally(failed);
        }
    }

    private void settle(List<Append> group) {
        try {
            commit(group);
        } catch (SQLException | RuntimeException refused) {
            if (group.size() == 1) {
                group.getFirst().done().completeExceptionally(refused);
                return;
            }
            // One bad append must not fail its neighbours.
            for (var append : group) {
                settle(List.of(append));
            }
        }
    }

    private void commit(List<Append> group) throws SQLException {
        List<Row> rows = group.size() == 1 ? group.getFirst().rows() : new ArrayList<>();
        if (group.size() > 1) {
            group.forEach(append -> rows.addAll(append.rows()));
        }
        long global = events.lastGlobal() + 1;
        events.commit(rows);
        for (var append : group) {
            append.done().complete(null);
        }
        for (var append : group) {
            afterCommit.accept(new Committed(global, append.messages(), append.rows()));
            global += append.rows().size();
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() throws SQLException {
        if (thread.isAlive()) {
            await(new Stop(new CompletableFuture<>()));
        }
    }
}
