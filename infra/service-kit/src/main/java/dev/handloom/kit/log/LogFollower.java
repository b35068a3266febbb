package dev.handloom.kit.log;

import java.util.function.Function;
import org.axonframework.eventhandling.EventMessage;

/** Reads what others have committed and feeds it to the streams of this process. */
public final class LogFollower {
    private static final int FETCH = 500;

    private final RowReader events;
    private final Function<Row, EventMessage<?>> reader;
    private final LogFeed feed;

    /** @param reader makes a message of a row */
    public LogFollower(RowReader events, Function<Row, EventMessage<?>> reader, LogFeed feed) {
        this.events = events;
        this.reader = reader;
        this.feed = feed;
    }

    /**
     * Returns when everything that was committed before the call has gone on. Several threads may call it.
     *
     * @throws org.axonframework.eventsourcing.eventstore.EventStoreException when the log cannot be read
     */
    public void catchUp() {
        long end = events.maxGlobal().orElse(0L);
        if (end <= feed.last()) {
            return;
        }
        for (var rows = events.after(feed.last(), FETCH); !rows.isEmpty(); rows = events.after(feed.last(), FETCH)) {
            feed.read(rows, reader);
        }
        feed.looked(end);
    }
}
