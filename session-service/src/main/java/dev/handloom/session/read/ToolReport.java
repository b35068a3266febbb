package dev.handloom.session.read;

import dev.handloom.kit.projection.Projection;
import dev.handloom.kit.projection.Projections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What became of tool calls, added up, and how long they took. */
@Component
public class ToolReport {
    public static final String NAME = ToolRows.NAME;
    private static final String LIVE = " where generation = " + Projection.live(NAME);

    private final JdbcClient state;
    private final Projections projections;

    ToolReport(DataSource stateDataSource, Projections projections, ToolRows makesTheTable) {
        this.state = JdbcClient.create(stateDataSource);
        this.projections = projections;
    }

    /** In milliseconds, within 5 %; null when nothing was measured. */
    public record Times(long count, @Nullable Double p50, @Nullable Double p95, @Nullable Double p99) {
        private static Times of(@Nullable Spread spread) {
            var known = spread == null ? new Spread() : spread;
            return new Times(known.count(), known.quantileMs(0.50), known.quantileMs(0.95), known.quantileMs(0.99));
        }
    }

    /**
     * One line of the report.
     *
     * @param key     a tool's name, a session's or agent's id, or a day
     * @param calls   that the model asked for
     * @param started that were about to reach the hands
     * @param errors  results that were errors
     * @param cutOff  calls the platform answered in the runner's place
     * @param open    calls without a result
     * @param queue   from the moment a call was allowed until it started
     * @param run     from its start to its result
     */
    public record Line(
            String key,
            long calls,
            long started,
            long answered,
            long errors,
            long cutOff,
            long open,
            Times queue,
            Times run
    ) {}

    private record Key(String key, String what) {}

    /** @return lines in the order of their keys, at most one more than the slice's limit */
    public List<Line> lines(Slice slice) {
        projections.await(NAME);
        var spreads = spreads(slice);
        var where = slice.where("tool_row" + LIVE);
        return state.sql("select " + slice.by().column() + ", sum(calls), sum(started), sum(answered), sum(errors),"
                + " sum(cut_off), sum(calls - answered - dropped) from " + where.sql() + " group by 1 order by 1")
                .params(where.params())
                .query((row, _) -> new Line(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4),
                        row.getLong(5), row.getLong(6), row.getLong(7),
                        Times.of(spreads.get(new Key(row.getString(1), ToolRows.QUEUE))),
                        Times.of(spreads.get(new Key(row.getString(1), ToolRows.RUN)))))
                .list();
    }

    private Map<Key, Spread> spreads(Slice slice) {
        var spreads = new HashMap<Key, Spread>();
        var where = slice.where("tool_time" + LIVE);
        state.sql("select " + slice.by().column() + ", what, bucket, sum(count) from " + where.sql()
                + " group by 1, 2, 3")
                .params(where.params())
                .query(row -> {
                    spreads.computeIfAbsent(new Key(row.getString(1), row.getString(2)), _ -> new Spread())
                            .add(row.getInt(3), row.getLong(4));
                });
        return spreads;
    }
}
