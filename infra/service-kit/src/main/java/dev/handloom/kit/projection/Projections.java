package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogSource.Reach;
import dev.handloom.kit.log.LogStreams;
import dev.handloom.kit.log.OtherProcessors;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/** All projections of this process: keeps them up to date, builds them anew, and holds what they could not handle. */
public class Projections implements SmartLifecycle, OtherProcessors {
    private static final Logger log = LoggerFactory.getLogger(Projections.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    /** The most waiting sessions a list shows. */
    public static final int PARKED_SHOWN_MAX = 1_000;

    private final Workbench tools;
    private final LogStreams streams;
    private final ObjectProvider<Projection> projections;
    private final Clock clock;
    private final Map<String, Shelf> shelves = new LinkedHashMap<>();
    private final ScheduledExecutorService keeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("projections").factory());
    private volatile boolean deleted;
    private volatile boolean running;

    Projections(Workbench tools, LogStreams streams, ObjectProvider<Projection> projections, Clock clock) {
        this.tools = tools;
        this.streams = streams;
        this.projections = projections;
        this.clock = clock;
        tools.state().sql(Letters.TABLE).update();
    }

    /** Before anybody is served, and until nobody is. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void start() {
        var table = new GenerationTable(tools.state(), tools.whole());
        for (var projection : projections.orderedStream().toList()) {
            var types = projection.payloadTypes().stream().map(Class::getName).collect(Collectors.toSet());
            var shelf = new Shelf(projection, streams.source(tools.log(), types, tools.settings().gather()), tools,
                    table,
                    clock, () -> deleted = true);
            shelves.put(projection.name(), shelf);
            shelf.start();
        }
        running = true;
        var _ = keeper.scheduleWithFixedDelay(this::advance, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void advance() {
        try {
            shelves.values().forEach(Shelf::advance);
            if (deleted) {
                deleted = false;
                overwrite();
            }
        } catch (RuntimeException failed) {
            log.warn("the projections are looked after again in a moment: {}", failed.toString());
        }
    }

    /** Moves what was deleted out of the write-ahead log of the state file too. */
    private void overwrite() {
        tools.state().sql("pragma wal_checkpoint(truncate)").query().listOfRows();
    }

    @Override
    public void stop() {
        running = false;
        keeper.close();
        shelves.values().stream().flatMap(Shelf::generations).forEach(one -> one.processor().shutDown());
        tools.lookers().shutdownNow();
        tools.workers().shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public List<StreamingEventProcessor> processors() {
        return shelves.values().stream().flatMap(Shelf::generations).map(Generation::processor).toList();
    }

    private Shelf shelf(String name) {
        return Objects.requireNonNull(shelves.get(name), () -> "no projection " + name);
    }

    /** Lets a read wait until it shows everything that was acknowledged before it began; at the most two seconds. */
    public void await(String name) {
        shelf(name).live().await();
    }

    /** How much of the log a read made from now on shows. */
    public Reach reach(String name) {
        return shelf(name).live().reach();
    }

    public List<String> names() {
        return List.copyOf(shelves.keySet());
    }

    public Standing standing(String name) {
        return shelf(name).standing();
    }

    /** Begins to build the rows anew, beside those that are read; does nothing while that is going on. */
    public void reset(String name) {
        shelf(name).reset();
    }

    /** The sessions that wait, at most {@link #PARKED_SHOWN_MAX}, the longest first. */
    public List<Parked> parked(String name) {
        return shelf(name).live().letters().parked(PARKED_SHOWN_MAX);
    }

    /** Whether events of this session wait. */
    public boolean isParked(String name, String sequence) {
        return shelf(name).live().letters().holds(sequence);
    }

    /**
     * Handles what waits of a session, in order, up to the first that still cannot be handled.
     *
     * @return whether none waits any more
     */
    public boolean retry(String name, String sequence) {
        return shelf(name).live().retry(sequence);
    }

    /** Gives up what waits of a session: its rows lack those events until the projection is built anew. */
    public int discard(String name, String sequence) {
        return shelf(name).live().letters().discard(sequence);
    }
}
