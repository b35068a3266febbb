package dev.handloom.session.read;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionQuery;
import dev.handloom.kit.log.CaughtUp;
import dev.handloom.kit.log.ProcessingGroupSpec;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Which sessions there are, for lists and filters: a row a session, rebuilt from the log at any time. */
@Component
@ProcessingGroup(SessionIndex.GROUP)
public class SessionIndex {
    static final String GROUP = "session-index";
    private static final int BATCH = 200;
    private static final DateTimeFormatter SORTABLE = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    private final JdbcClient state;
    private final CaughtUp caughtUp;

    SessionIndex(DataSource stateDataSource, CaughtUp caughtUp) {
        this.state = JdbcClient.create(stateDataSource);
        this.caughtUp = caughtUp;
        state.sql("""
                create table if not exists session_index (
                  id text primary key, created_at text not null, status text not null, agent_id text not null,
                  agent_version integer not null, environment_id text not null, archived integer not null)""").update();
        state.sql("create index if not exists session_by_age on session_index (created_at, id)").update();
    }

    @Configuration(proxyBeanMethods = false)
    static class Group {
        @Bean
        ProcessingGroupSpec sessionIndexGroup() {
            return new ProcessingGroupSpec(GROUP, Set.of(
                    SessionEvent.Created.class, SessionEvent.StatusRunning.class, SessionEvent.StatusIdle.class,
                    SessionEvent.StatusRescheduled.class, SessionEvent.StatusTerminated.class,
                    SessionEvent.Archived.class, SessionEvent.Deleted.class,
                    SessionEvent.Forked.class), BATCH);
        }
    }

    @EventHandler
    void on(SessionEvent.Created created) {
        var agent = JsonMapper.shared().readTree(created.agent().text());
        state.sql("insert or ignore into session_index values (?,?,'idle',?,?,?,0)")
                .params(created.sessionId().value(), sortable(created.at()), agent.path("id").asString(""),
                        agent.path("version").asInt(0), created.environmentId())
                .update();
    }

    @EventHandler
    void on(SessionEvent.StatusRunning event) {
        status(event.sessionId(), "running");
    }

    @EventHandler
    void on(SessionEvent.StatusIdle event) {
        status(event.sessionId(), "idle");
    }

    @EventHandler
    void on(SessionEvent.StatusRescheduled event) {
        status(event.sessionId(), "rescheduling");
    }

    @EventHandler
    void on(SessionEvent.StatusTerminated event) {
        status(event.sessionId(), "terminated");
    }

    private void status(SessionId id, String status) {
        state.sql("update session_index set status = ? where id = ?").params(status, id.value()).update();
    }

    @EventHandler
    void on(SessionEvent.Archived event) {
        state.sql("update session_index set archived = 1 where id = ?").param(event.sessionId().value()).update();
    }

    @EventHandler
    void on(SessionEvent.Deleted event) {
        state.sql("delete from session_index where id = ?").param(event.sessionId().value()).update();
    }

    /** Until here the log told of its origin. */
    @EventHandler
    void on(SessionEvent.Forked event) {
        state.sql("update session_index set archived = 0, status = 'idle', created_at = ? where id = ?")
                .params(sortable(event.at()), event.sessionId().value())
                .update();
    }

    @ResetHandler
    void forget() {
        state.sql("delete from session_index").update();
    }

    @QueryHandler
    boolean anyOn(SessionQuery.UsesEnvironment query) {
        caughtUp.await(GROUP);
        return state.sql("select exists (select 1 from session_index where environment_id = ?)")
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
            int limit
    ) {}

    /**
     * The sessions beyond a place, nearest first.
     *
     * @param older towards older sessions; otherwise towards newer ones
     * @param from  not included; null begins at the very end
     */
    public List<Place> list(Filter filter, boolean older, @Nullable Place from) {
        caughtUp.await(GROUP);
        var where = new ArrayList<String>();
        var params = new ArrayList<Object>();
        if (!filter.includeArchived()) {
            where.add("archived = 0");
        }
        add(where, params, "agent_id = ?", filter.agentId());
        add(where, params, "agent_version = ?", filter.agentVersion());
        add(where, params, "created_at > ?", filter.after());
        add(where, params, "created_at >= ?", filter.from());
        add(where, params, "created_at < ?", filter.before());
        add(where, params, "created_at <= ?", filter.upTo());
        if (!filter.statuses().isEmpty()) {
            where.add("status in (" + "?,".repeat(filter.statuses().size() - 1) + "?)");
            params.addAll(filter.statuses());
        }
        if (from != null) {
            where.add("(created_at, id) " + (older ? "<" : ">") + " (?, ?)");
            params.add(from.createdAt());
            params.add(from.id());
        }
        var direction = older ? "desc" : "asc";
        params.add(filter.limit());
        return state.sql("select created_at, id from session_index "
                + (where.isEmpty() ? "" : "where " + String.join(" and ", where))
                + " order by created_at " + direction + ", id " + direction + " limit ?")
                .params(params)
                .query((row, _) -> new Place(row.getString(1), row.getString(2)))
                .list();
    }

    private static void add(List<String> where, List<Object> params, String condition, @Nullable Object value) {
        if (value != null) {
            where.add(condition);
            params.add(value instanceof Instant instant ? sortable(instant) : value);
        }
    }

    /** Text that sorts by time: always nine digits of a second. */
    static String sortable(Instant instant) {
        return SORTABLE.format(instant);
    }
}
