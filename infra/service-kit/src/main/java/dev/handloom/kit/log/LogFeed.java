package dev.handloom.kit.log;

import dev.handloom.kit.log.GroupCommit.Committed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;

/**
 * Makes one order of what this process committed, handed over from memory, and what it reads of the commits of others:
 * every global index goes on once, ascending, whichever way it comes first. Where events were erased there are holes,
 * and nobody waits for them.
 */
public final class LogFeed {
    private final Consumer<Committed> streams;
    private long last;

    /**
     * @param streams called by one thread at a time, with global indexes that ascend; must return at once and never
     *                throw
     * @param last    the global index of the last event that the streams know of already
     */
    public LogFeed(Consumer<Committed> streams, long last) {
        this.streams = streams;
        this.last = last;
    }

    /** The global index up to which everything has gone on. */
    public synchronized long last() {
        return last;
    }

    /** What this process committed. It is left to {@link #read} when something before it has not been seen yet. */
    public synchronized void committed(Committed own) {
        long known = last - own.firstGlobal() + 1;
        if (known >= 0 && known < own.rows().size()) {
            int from = Math.toIntExact(known);
            pass(new Committed(last + 1, own.messages().subList(from, own.messages().size()),
                    own.rows().subList(from, own.rows().size())));
        }
    }

    /**
     * What was read from the log.
     *
     * @param rows   all that follow a global index that had gone on already, ascending, up to the last of them
     * @param reader makes a message of a row
     */
    synchronized void read(List<Row> rows, Function<Row, EventMessage<?>> reader) {
        var run = new ArrayList<Row>();
        for (var row : rows) {
            if (row.global() > last) {
                if (!run.isEmpty() && row.global() != run.getLast().global() + 1) {
                    passRead(run, reader);
                    run.clear();
                }
                run.add(row);
            }
        }
        if (!run.isEmpty()) {
            passRead(run, reader);
        }
    }

    private void passRead(List<Row> run, Function<Row, EventMessage<?>> reader) {
        pass(new Committed(run.getFirst().global(), run.stream().<EventMessage<?>>map(reader).toList(),
                List.copyOf(run)));
    }

    private void pass(Committed commit) {
        streams.accept(commit);
        last = commit.firstGlobal() + commit.rows().size() - 1;
    }

    /** Everything up to this global index has been read; what is not there was erased. */
    synchronized void looked(long global) {
        last = Math.max(last, global);
    }
}
