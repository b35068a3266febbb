package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogSource;
import dev.handloom.kit.projection.GenerationTable.Role;
import java.time.Clock;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One projection with its generations: the one that is read, and perhaps one that is being built. */
final class Shelf {
    /** How many rows that nobody reads any more one transaction removes. */
    private static final int FORGET_MAX = 2_000;

    private final Projection projection;
    private final LogSource source;
    private final Workbench tools;
    private final GenerationTable table;
    private final Clock clock;
    private final Runnable whenDeleted;
    private volatile @Nullable Generation live;
    private volatile @Nullable Generation building;

    Shelf(
            Projection projection,
            LogSource source,
            Workbench tools,
            GenerationTable table,
            Clock clock,
            Runnable whenDeleted
    ) {
        this.projection = projection;
        this.source = source;
        this.tools = tools;
        this.table = table;
        this.clock = clock;
        this.whenDeleted = whenDeleted;
    }

    synchronized void start() {
        if (table.of(projection.name()).isEmpty()) {
            table.add(projection.name(), 1, Role.LIVE, clock.instant());
        }
        for (var entry : table.of(projection.name())) {
            switch (entry.role()) {
                case LIVE -> live = started(entry.generation());
                case BUILDING -> building = started(entry.generation());
                case LEAVING -> {}
            }
        }
    }

    private Generation started(long number) {
        var generation = new Generation(projection, number, source, tools, whenDeleted);
        generation.processor().start();
        return generation;
    }

    /** Begins to build new rows, unless that is going on already. */
    synchronized void reset() {
        if (building == null) {
            long number = table.of(projection.name()).getLast().generation() + 1;
            table.add(projection.name(), number, Role.BUILDING, clock.instant());
            building = started(number);
        }
    }

    /** Takes what was built into use once it has caught up, and removes a little of what nobody reads any more. */
    synchronized void advance() {
        var old = live();
        var next = building;
        if (next != null && table.swap(projection.name(), old.number(), next.number(), clock.instant())) {
            live = next;
            building = null;
            old.processor().shutDown();
        }
        for (var entry : table.of(projection.name())) {
            if (entry.role() == Role.LEAVING && projection.forget(entry.generation(), FORGET_MAX) == 0) {
                new LetterBox(Generation.nameOf(projection.name(), entry.generation()), tools).clear();
                table.remove(projection.name(), entry.generation());
            }
        }
    }

    Generation live() {
        return Objects.requireNonNull(live, "the projections have not been started");
    }

    Stream<Generation> generations() {
        return Stream.of(live, building).filter(Objects::nonNull).map(Generation.class::cast);
    }

    synchronized Standing standing() {
        var entries = table.of(projection.name());
        var next = building;
        var shown = next == null ? live() : next;
        return new Standing(projection.name(), live().standing(), next == null ? null : next.standing(),
                entries.stream()
                        .filter(entry -> entry.generation() == shown.number())
                        .findFirst()
                        .orElseThrow()
                        .since(),
                entries.stream().anyMatch(entry -> entry.role() == Role.LEAVING));
    }
}
