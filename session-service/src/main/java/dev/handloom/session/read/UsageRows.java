package dev.handloom.session.read;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import dev.handloom.kit.projection.Projection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The projection {@code usage}: a row for each session, day (UTC), agent and model. Running time is split at midnight and
 * counts once the run has come to rest. A deleted session's rows go with it: its log no longer says what it used.
 */
@Component
class UsageRows implements Projection {
    static final String NAME = "usage";
    static final List<String> TOKENS = List.of("input", "output", "cache_written_5m", "cache_written_1h", "cache_read");

    private final JdbcClient state;

    UsageRows(DataSource stateDataSource) {
        this.state = JdbcClient.create(stateDataSource);
        state.sql("""
                create table if not exists usage_session (
                  generation integer not null, id text not null, agent_id text not null, model text not null,
                  running_since text, primary key (generation, id))""").update();
        state.sql("""
                create table if not exists usage_row (
                  generation integer not null, session_id text not null, day text not null, agent_id text not null,
                  model text not null,
                  input integer not null default 0, output integer not null default 0,
                  cache_written_5m integer not null default 0, cache_written_1h integer not null default 0,
                  cache_read integer not null default 0, requests integer not null default 0,
                  failed_requests integer not null default 0, errors integer not null default 0,
                  active_ms integer not null default 0,
                  primary key (generation, session_id, day, agent_id, model))""").update();
        state.sql("create index if not exists usage_row_by_day on usage_row (generation, day)").update();
        state.sql("create index if not exists usage_row_by_agent on usage_row (generation, agent_id, day)").update();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Class<?>> payloadTypes() {
        return Set.of(SessionEvent.Created.class, SessionEvent.Updated.class, SessionEvent.StatusRunning.class,
                SessionEvent.StatusIdle.class, SessionEvent.StatusRescheduled.class,
                SessionEvent.StatusTerminated.class, SessionEvent.Deleted.class, SessionEvent.Errored.class,
                SessionEvent.ModelRequestStarted.class, SessionEvent.ModelRequestEnded.class,
                SessionEvent.TokensSpent.class, SessionEvent.Forked.class,
                SessionEvent.NoteWritten.class, SessionEvent.NoteFailed.class);
    }

    @Override
    public void on(Object event, long generation) {
        new Account(generation, ((SessionEvent) event).sessionId()).on((SessionEvent) event);
    }

    @Override
    public int forget(long generation, int rowsMax) {
        int removed = remove("usage_row", generation, rowsMax);
        return removed > 0 ? removed : remove("usage_session", generation, rowsMax);
    }

    private int remove(String table, long generation, int rowsMax) {
        return state.sql("delete from " + table + " where rowid in (select rowid from " + table
                + " where generation = ? limit ?)").params(generation, rowsMax).update();
    }

    /** What one session has used, in one generation. */
    private final class Account {
        private final long generation;
        private final SessionId id;

        Account(long generation, SessionId id) {
            this.generation = generation;
            this.id = id;
        }

        void on(SessionEvent event) {
            switch (event) {
                case SessionEvent.Created created -> {
                    var agent = AgentNamed.in(created.agent());
                    state.sql("insert into usage_session (generation, id, agent_id, model) values (?,?,?,?)")
                            .params(generation, id.value(), agent.id(), agent.model())
                            .update();
                }
                case SessionEvent.Updated updated -> {
                    if (updated.agent() != null) {
                        var agent = AgentNamed.in(updated.agent());
                        session("agent_id = ?, model = ?", agent.id(), agent.model());
                    }
                }
                case SessionEvent.StatusRunning running -> session("running_since = ?", running.at().toString());
                case SessionEvent.StatusIdle _,SessionEvent.StatusRescheduled _,SessionEvent.StatusTerminated _ ->
                    rest(event.at());
                case SessionEvent.Errored _ -> add(event.at(), List.of("errors"), List.of(1L));
                case SessionEvent.ModelRequestStarted _ -> add(event.at(), List.of("requests"), List.of(1L));
                case SessionEvent.ModelRequestEnded ended -> {
                    spend(ended.tokens(), ended.at());
                    if (ended.isError()) {
                        add(ended.at(), List.of("failed_requests"), List.of(1L));
                    }
                }
                case SessionEvent.TokensSpent spent -> spend(spent.tokens(), spent.at());
                case SessionEvent.NoteWritten written -> spend(written.tokens(), written.at());
                case SessionEvent.NoteFailed failed -> spend(failed.tokens(), failed.at());
                // What came before was its origin's, and counts there.
                case SessionEvent.Forked _ -> forget();
                case SessionEvent.Deleted _ -> {
                    forget();
                    state.sql("delete from usage_session where generation = ? and id = ?")
                            .params(generation, id.value())
                            .update();
                }
                case SessionEvent _ -> {}
            }
        }

        private void forget() {
            state.sql("delete from usage_row where generation = ? and session_id = ?")
                    .params(generation, id.value())
                    .update();
        }

        private void session(String assignment, String... values) {
            var params = new ArrayList<Object>(List.of(values));
            params.add(generation);
            params.add(id.value());
            state.sql("update usage_session set " + assignment + " where generation = ? and id = ?")
                    .params(params)
                    .update();
        }

        private void rest(Instant at) {
            var since = state
                    .sql("select running_since from usage_session"
                            + " where generation = ? and id = ? and running_since is not null")
                    .params(generation, id.value())
                    .query(String.class)
                    .optional();
            if (since.isEmpty()) {
                return;
            }
            var from = Instant.parse(since.get());
            while (from.isBefore(at)) {
                var midnight = day(from).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
                var to = midnight.isBefore(at) ? midnight : at;
                add(from, List.of("active_ms"), List.of(to.toEpochMilli() - from.toEpochMilli()));
                from = to;
            }
            session("running_since = null");
        }

        private void spend(Tokens tokens, Instant at) {
            if (!tokens.equals(Tokens.NONE)) {
                add(at, TOKENS, List.of(tokens.input(), tokens.output(), tokens.cacheWritten5m(),
                        tokens.cacheWritten1h(), tokens.cacheRead()));
            }
        }

        private void add(Instant at, List<String> columns, List<Long> amounts) {
            var params = new ArrayList<Object>();
            params.add(day(at).toString());
            params.addAll(amounts);
            params.add(generation);
            params.add(id.value());
            state.sql("insert into usage_row (generation, session_id, day, agent_id, model, "
                    + String.join(", ", columns) + ") select generation, id, ?, agent_id, model"
                    + ", ?".repeat(columns.size()) + " from usage_session where generation = ? and id = ?"
                    + " on conflict do update set " + String.join(", ",
                            columns.stream().map(column -> column + " = " + column + " + excluded." + column).toList()))
                    .params(params)
                    .update();
        }
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
