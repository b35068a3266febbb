package dev.handloom.kit.http;

import dev.handloom.kit.http.Query.TimeRange;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The ids of one kind of thing by age, in the state file: what a list needs to make its pages. */
public final class AgeTable {
    private static final DateTimeFormatter SORTABLE = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private final JdbcClient state;
    private final String table;

    /** @param table a name that no one else uses; the table is made when it does not exist */
    public AgeTable(DataSource stateDataSource, String table) {
        this.state = JdbcClient.create(stateDataSource);
        this.table = table;
        state.sql("create table if not exists " + table
                + " (id text primary key, created_at text not null, archived integer not null)").update();
        state.sql("create index if not exists " + table + "_by_age on " + table + " (created_at, id)").update();
    }

    public void add(String id, Instant createdAt) {
        state.sql("insert or ignore into " + table + " values (?,?,0)").params(id, SORTABLE.format(createdAt)).update();
    }

    public void archive(String id) {
        state.sql("update " + table + " set archived = 1 where id = ?").param(id).update();
    }

    public void remove(String id) {
        state.sql("delete from " + table + " where id = ?").param(id).update();
    }

    public void clear() {
        state.sql("delete from " + table).update();
    }

    /** @return for {@link Paging#page}, nearest to its beginning first */
    public List<Paging.Key> page(Paging paging, @Nullable TimeRange created, boolean includeArchived) {
        var where = new ArrayList<String>();
        var params = new ArrayList<Object>();
        if (!includeArchived) {
            where.add("archived = 0");
        }
        if (created != null) {
            bound(where, params, ">", created.after());
            bound(where, params, ">=", created.from());
            bound(where, params, "<", created.before());
            bound(where, params, "<=", created.upTo());
        }
        var from = paging.from();
        if (from != null) {
            where.add("(created_at, id) " + (paging.scanAscending() ? ">" : "<") + " (?, ?)");
            params.add(SORTABLE.format(from.at()));
            params.add(from.id());
        }
        var direction = paging.scanAscending() ? "asc" : "desc";
        params.add(paging.fetch());
        return state
                .sql("select created_at, id from " + table
                        + (where.isEmpty() ? "" : " where " + String.join(" and ", where))
                        + " order by created_at " + direction + ", id " + direction + " limit ?")
                .params(params)
                .query((row, _) -> new Paging.Key(Instant.parse(row.getString(1)), row.getString(2)))
                .list();
    }

    private static void bound(List<String> where, List<Object> params, String than, @Nullable Instant at) {
        if (at != null) {
            where.add("created_at " + than + " ?");
            params.add(SORTABLE.format(at));
        }
    }
}
