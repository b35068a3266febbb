package dev.handloom.session.read;

import dev.handloom.api.session.SessionQuery;
import dev.handloom.api.session.Tokens;
import dev.handloom.kit.projection.Projection;
import dev.handloom.kit.projection.Projections;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which sessions there are, for lists and filters. */
@Component
public class SessionIndex {
    public static final String NAME = SessionRows.NAME;
    private static final String ROWS = "session_row where generation = " + Projection.live(NAME);

    private static final DateTimeFormatter SORTABLE = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private final JdbcClient state;
    private final Projections projections;

    SessionIndex(DataSource stateDataSource, Projections projections, SessionRows makesTheTable) {
        this.state = JdbcClient.create(stateDataSource);
        this.projections = projections;
    }

    @QueryHandler
    boolean anyOn(SessionQuery.UsesEnvironment query) {
        projections.await(NAME);
        return state.sql("select exists (select 1 from " + ROWS + " and environment_id = ?)")
                .param(query.environmentId())
                .query(Integer.class)
                .single() == 1;
    }

    /** A place between two sessions in the order of age. */
    public record Place(String createdAt, String id) {
        public static Place of(Instant createdAt, String id) {
            return new Place(sortable(createdAt), id);
        }
    }

    /**
     * @param statuses any of them; empty means all
     * @param title    a part of the title, in upper or lower case
     * @param limit    1 or more
     */
    public record Filter(
            @Nullable String agentId,
            @Nullable Integer agentVersion,
            Set<String> statuses,
            @Nullable Instant after,
            @Nullable Instant from,
            @Nullable Instant before,
            @Nullable Instant upTo,
            boolean includeArchived,
            @Nullable String title,
            int limit
    ) {}

    /** What is known of a session without reading its log. {@code openCalls} have no result yet. */
    public record Listed(
            String id,
            String status,
            @Nullable String title,
            String agentId,
            int agentVersion,
            String environmentId,
            boolean archived,
            Instant createdAt,
            Instant updatedAt,
            Tokens tokens,
            long turns,
            long requests,
            long openCalls
    ) {}

    /**
     * The sessions beyond a place, nearest first.
     *
     * @param older towards older sessions; otherwise towards newer ones
     * @param from  not included; null begins at the very end
     */
    public List<Place> list(Filter filter, boolean older, @Nullable Place from) {
        return rows(filter, older, from, "created_at, id", (row, _) -> new Place(row.getString(1), row.getString(2)));
    }

    /** As {@link #list}, with all that is known. */
    public List<Listed> listed(Filter filter, boolean older, @Nullable Place from) {
        return rows(filter, older, from, "id, status, title, agent_id, agent_version, environment_id, archived,"
                + " created_at, updated_at, input, output, cache_written_5m, cache_written_1h, cache_read, turns,"
                + " requests, open_calls",
                (row, _) -> new Listed(row.getString(1), row.getString(2), row.getString(3), row.getString(4),
                        row.getInt(5), row.getString(6), row.getInt(7) == 1, Instant.parse(row.getString(8)),
                        Instant.parse(row.getString(9)), new Tokens(row.getLong(10), row.getLong(11), row.getLong(12),
                                row.getLong(13), row.getLong(14)),
                        row.getLong(15), row.getLong(16), row.getLong(17)));
    }

    private <T> List<T> rows(
            Filter filter,
            boolean older,
            @Nullable Place from,
            String columns,
            RowMapper<T> mapper
    ) {
        projections.await(NAME);
        var where = new StringBuilder();
        var params = new ArrayList<Object>();
        if (!filter.includeArchived()) {
            where.append(" and archived = 0");
        }
        add(where, params, "agent_id = ?", filter.agentId());
        add(where, params, "agent_version = ?", filter.agentVersion());
        add(where, params, "created_at > ?", filter.after());
        add(where, params, "created_at >= ?", filter.from());
        add(where, params, "created_at < ?", filter.before());
        add(where, params, "created_at <= ?", filter.upTo());
        add(where, params, "instr(title_folded, ?) > 0",
                filter.title() == null ? null : SessionRows.folded(filter.title()));
        if (!filter.statuses().isEmpty()) {
            where.append(" and status in (").append("?,".repeat(filter.statuses().size() - 1)).append("?)");
            params.addAll(filter.statuses());
        }
        if (from != null) {
            where.append(" and (created_at, id) ").append(older ? "<" : ">").append(" (?, ?)");
            params.add(from.createdAt());
            params.add(from.id());
        }
        var direction = older ? "desc" : "asc";
        params.add(filter.limit());
        return state.sql("select " + columns + " from " + ROWS + where + " order by created_at " + direction + ", id "
                + direction + " limit ?").params(params).query(mapper).list();
    }

    private static void add(StringBuilder where, List<Object> params, String condition, @Nullable Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            params.add(value instanceof Instant instant ? sortable(instant) : value);
        }
    }

    /** Text that sorts by time: always nine digits of a second. */
    static String sortable(Instant instant) {
        return SORTABLE.format(instant);
    }
}
