package dev.handloom.kit.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted. Lists are ordered by creation, then id; whoever holds the list reads up to
 * {@link #fetch} entries beyond {@link #from}, nearest first, in the direction {@link #scanAscending} gives, and lets
 * this make the page.
 *
 * @param list      see {@link Cursor}
 * @param ascending oldest first
 * @param limit     the most entries a page holds
 * @param from      where the page begins; null at the beginning of the list
 */
public record Paging(String list, boolean ascending, int limit, @Nullable Cursor from) {
    /** A list's {@code limit}: what it is when not given, and the most that may be asked for. */
    public record Limits(int otherwise, int max) {
        /** 20 and 100, as for most lists of the contract (README §1.7). */
        public static final Limits USUAL = new Limits(20, 100);
    }

    /** What the list is ordered by. */
    public record Key(Instant at, String id) {}

    /** A list that is always newest first. */
    public static Paging newestFirst(Query query, String list, Limits limits) {
        return of(query, list, limits, false);
    }

    /** A list whose {@code order} the client may choose. */
    public static Paging eitherWay(Query query, String list, Limits limits, boolean ascendingUnlessSaid) {
        var ascending = switch (query.one("order")) {
            case null -> ascendingUnlessSaid;
            case "asc" -> true;
            case "desc" -> false;
            case String other -> throw Problem.invalid("order", "must be asc or desc, not \"" + other + "\"");
        };
        return of(query, list, limits, ascending);
    }

    private static Paging of(Query query, String list, Limits limits, boolean ascending) {
        var limit = query.integer("limit", 1, limits.max());
        var page = query.one("page");
        return new Paging(list, ascending, limit == null ? limits.otherwise() : Math.toIntExact(limit),
                page == null ? null : Cursor.decode(page, list, ascending));
    }

    /** Refuses a filter that leaves out the very place the cursor stands at (contract/README.md §1.7). */
    public Paging within(Query.TimeRange range) {
        if (from != null && !range.contains(from.at())) {
            throw Problem.invalid(range.name(), "excludes the position of the page cursor");
        }
        return this;
    }

    /** Whether to read towards younger entries. */
    public boolean scanAscending() {
        return ascending != backwards();
    }

    private boolean backwards() {
        return from != null && from.backwards();
    }

    /** How many entries to read: one more than the page holds, to know whether there is more. */
    public int fetch() {
        return limit + 1;
    }

    /**
     * @param scanned what was read, nearest first; at most {@link #fetch}
     * @param view    empty for an entry that has gone meanwhile: the page is then shorter, but not the last
     */
    public <T, V> PageCursor<V> page(List<T> scanned, Function<T, Key> key, Function<T, Optional<V>> view) {
        var both = bidirectional(scanned, key, view);
        return new PageCursor<>(both.data(), both.nextPage());
    }

    /** The same, with a way back. */
    public <T, V> BidirectionalPageCursor<V> bidirectional(
            List<T> scanned,
            Function<T, Key> key,
            Function<T, Optional<V>> view
    ) {
        boolean more = scanned.size() > limit;
        var entries = more ? scanned.subList(0, limit) : scanned;
        entries = backwards() ? entries.reversed() : entries;
        var data = entries.stream().map(view).flatMap(Optional::stream).toList();
        if (entries.isEmpty()) {
            return new BidirectionalPageCursor<>(data, null, null);
        }
        boolean hasNext = backwards() || more;
        boolean hasPrevious = backwards() ? more : from != null;
        return new BidirectionalPageCursor<>(data,
                hasNext ? cursor(key.apply(entries.getLast()), false) : null,
                hasPrevious ? cursor(key.apply(entries.getFirst()), true) : null);
    }

    private String cursor(Key key, boolean backwards) {
        return new Cursor(list, ascending, backwards, key.at(), key.id()).encode();
    }
}
