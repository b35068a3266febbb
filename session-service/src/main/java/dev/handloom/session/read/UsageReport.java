package dev.handloom.session.read;

import dev.handloom.api.session.Tokens;
import dev.handloom.kit.projection.Projection;
import dev.handloom.kit.projection.Projections;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What sessions have used, added up. */
@Component
public class UsageReport {
    public static final String NAME = UsageRows.NAME;
    private static final String SUMS = "sum(input), sum(output), sum(cache_written_5m), sum(cache_written_1h),"
            + " sum(cache_read), sum(requests), sum(failed_requests), sum(errors), sum(active_ms)";

    private final JdbcClient state;
    private final Projections projections;
    private final Prices prices;

    UsageReport(DataSource stateDataSource, Projections projections, Prices prices, UsageRows makesTheTable) {
        this.state = JdbcClient.create(stateDataSource);
        this.projections = projections;
        this.prices = prices;
    }

    /**
     * One line of the report.
     *
     * @param key      a session's or agent's id, or a day
     * @param unpriced models whose tokens have no price
     * @param cost     of the tokens, in US dollars; null when any of them has no price
     */
    public record Line(
            String key,
            Tokens tokens,
            long requests,
            long failedRequests,
            long errors,
            double activeSeconds,
            Set<String> unpriced,
            @Nullable BigDecimal cost
    ) {}

    private record Part(
            String key,
            String model,
            Tokens tokens,
            long requests,
            long failedRequests,
            long errors,
            long activeMs
    ) {}

    /** @return lines in the order of their keys, at most one more than the slice's limit */
    public List<Line> lines(Slice slice) {
        projections.await(NAME);
        var where = slice.where("usage_row where generation = " + Projection.live(NAME));
        var lines = new LinkedHashMap<String, Line>();
        state.sql("select " + slice.by().column() + ", model, " + SUMS + " from " + where.sql() + " group by 1, 2"
                + " order by 1, 2")
                .params(where.params())
                .query((row, _) -> new Part(row.getString(1), row.getString(2),
                        new Tokens(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7)),
                        row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11)))
                .list()
                .forEach(part -> lines.merge(part.key(), line(part), UsageReport::plus));
        return List.copyOf(lines.values());
    }

    private Line line(Part part) {
        var cost = part.tokens().equals(Tokens.NONE)
                ? BigDecimal.ZERO
                : prices.of(part.model(), part.tokens()).orElse(null);
        return new Line(part.key(), part.tokens(), part.requests(), part.failedRequests(), part.errors(),
                part.activeMs() / 1000.0, cost == null ? Set.of(part.model()) : Set.of(), cost);
    }

    private static Line plus(Line one, Line other) {
        var unpriced = new TreeSet<>(one.unpriced());
        unpriced.addAll(other.unpriced());
        return new Line(one.key(), one.tokens().plus(other.tokens()), one.requests() + other.requests(),
                one.failedRequests() + other.failedRequests(), one.errors() + other.errors(),
                one.activeSeconds() + other.activeSeconds(), unpriced,
                one.cost() == null || other.cost() == null ? null : one.cost().add(other.cost()));
    }
}
