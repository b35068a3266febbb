package dev.handloom.kit.log;

import dev.handloom.kit.FailPoint;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes events. What has gathered while the last commit was being forced to the disk goes into the
 * next one, so that many sessions share the cost of one flush. As there is one writer, the global order has no gaps
 * that fill later.
 */
public final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
    /** The most events one commit takes together; larger single appends go alone. */
    private static final int GROUP_EVENTS_MAX = 256;
    /** The most appends that may wait; the next one waits for a place. */
    private static final int WAITING_MAX = 4096;

    /** Events that are now durable, with their global indexes from {@code firstGlobal} on. */
    public record Committed(long firstGlobal, List<EventMessage<?>> messages, List<Row> rows) {}

    private sealed interface Work {
        CompletableFuture<Void> done();
    }

    private record Append(List<EventMessage<?>> messages, List<Row> rows, CompletableFuture<Void> done)
            implements Work {}

    private record Chore(Task task, CompletableFuture<Void> done) implements Work {}

    private record Stop(CompletableFuture<Void> done) implements Work {}

    /** Something else that needs the writer. */
    public interface Task {
        void run(RowWriter writer) throws SQLException;
    }

    private final RowWriter writer;
    private final Consumer<Committed> afterCommit;
    private final BlockingQueue<Work> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    /** Why nothing is written any more. Set before what still waits is refused. */
    private volatile @Nullable String over;
    /** What is being written. Only the writer's thread uses it. */
    private final List<Append> group = new ArrayList<>();

    /**
     * @param afterCommit called on the writer's thread, in commit order, before the append is acknowledged; must return
     *                    at once and never throw
     */
    public GroupCommit(RowWriter writer, Consumer<Committed> afterCommit) {
        this.writer = writer;
        this.afterCommit = afterCommit;
        Thread.ofPlatform().name("log-writer").daemon().start(this::write);
    }

    /**
     * Returns when the events are on the disk.
     *
     * @throws LogUnavailable when nothing is written any more
     */
    public void append(List<? extends EventMessage<?>> messages, List<Row> rows) throws SQLException {
        await(new Append(List.copyOf(messages), rows, new CompletableFuture<>()));
    }

    public void run(Task task) throws SQLException {
        await(new Chore(task, new CompletableFuture<>()));
    }

    private void await(Work work) throws SQLException {
        try {
            refuseIfOver();
            waiting.put(work);
            if (over != null && waiting.remove(work)) {
                refuseIfOver();
            }
            work.done().get();
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof SQLException reason) {
                throw reason;
            }
            if (refused.getCause() instanceof LogUnavailable unavailable) {
                throw unavailable;
            }
            throw new EventStoreException("the log writer failed", refused.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EventStoreException(waiting.remove(work)
                    ? "interrupted before anything was written"
                    : "interrupted while waiting for the disk: it may or may not be written", interrupted);
        }
    }

    private void refuseIfOver() {
        var why = over;
        if (why != null) {
            throw new LogUnavailable(why);
        }
    }

    private void write() {
        var why = "the log writer failed; restart to go on";
        try {
            while (writeNext()) {
                group.clear();
            }
            why = "the log is closed";
        } catch (SQLException unconfirmed) {
            log.error("the disk did not confirm a commit: nothing more is written until a restart", unconfirmed);
            why = "the disk failed while the log was being written; restart to go on from what it has kept";
        } finally {
            end(why);
        }
    }

    /** @return false when there is nothing more to write */
    private boolean writeNext() throws SQLException {
        return switch (take()) {
            case Append first -> {
                gather(first);
                settle(group);
                yield true;
            }
            case Chore chore -> {
                settle(chore);
                yield true;
            }
            case Stop stop -> {
                stop.done().complete(null);
                yield false;
            }
        };
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

    private void gather(Append first) {
        group.add(first);
        int size = first.rows().size();
        while (waiting.peek() instanceof Append next && size + next.rows().size() <= GROUP_EVENTS_MAX) {
            waiting.remove();
            group.add(next);
            size += next.rows().size();
        }
    }

    private void settle(Chore chore) throws SQLException {
        try {
            chore.task().run(writer);
            chore.done().complete(null);
        } catch (SQLException | RuntimeException failed) {
            chore.done().completeExceptionally(failed);
            throwIfUnconfirmed(failed);
        }
    }

    private void settle(List<Append> appends) throws SQLException {
        try {
            commit(appends);
        } catch (SQLException | RuntimeException refused) {
            throwIfUnconfirmed(refused);
            if (appends.size() == 1 || isAboutTheStore(refused)) {
                appends.forEach(append -> append.done().completeExceptionally(refused));
                return;
            }
            // One bad append must not fail its neighbours.
            for (var append : appends) {
                settle(List.of(append));
            }
        }
    }

    private void throwIfUnconfirmed(Exception failure) throws SQLException {
        if (failure instanceof SQLException unconfirmed && meaning(failure) == RowWriter.Failure.UNCONFIRMED) {
            throw unconfirmed;
        }
    }

    /** What failed all alike, and would fail, or be stored twice, if each were tried again alone. */
    private boolean isAboutTheStore(Exception failure) {
        var meaning = meaning(failure);
        return meaning == RowWriter.Failure.LOST || meaning == RowWriter.Failure.REFUSED;
    }

    RowWriter.Failure meaning(Throwable failure) {
        return writer.meaning(failure);
    }

    private void commit(List<Append> appends) throws SQLException {
        var rows = appends.size() == 1
                ? appends.getFirst().rows()
                : appends.stream().flatMap(append -> append.rows().stream()).toList();
        FailPoint.APPEND.pass();
        long global = writer.commit(rows);
        FailPoint.PUBLISH.pass();
        for (var append : appends) {
            afterCommit.accept(new Committed(global, append.messages(), append.rows()));
            global += append.rows().size();
        }
        appends.forEach(append -> append.done().complete(null));
    }

    private void end(String why) {
        over = why;
        var unavailable = new LogUnavailable(why);
        group.forEach(append -> append.done().completeExceptionally(unavailable));
        for (var left = waiting.poll(); left != null; left = waiting.poll()) {
            left.done().completeExceptionally(unavailable);
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() throws SQLException {
        try {
            await(new Stop(new CompletableFuture<>()));
        } catch (LogUnavailable _) {
            log.debug("the log was over already");
        }
    }
}
