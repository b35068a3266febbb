package dev.handloom.session.read;

import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.AgentOutput.ToolUse;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.kit.projection.Projection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The projection {@code tools}: what became of tool calls and how long they took, for each session, day (UTC) and tool.
 * Every fact counts on the day on which it was written. A deleted session's rows go with it.
 */
@Component
class ToolRows implements Projection {
    static final String NAME = "tools";
    /** From the moment a call was allowed to the moment it was about to reach the hands. */
    static final String QUEUE = "queue";
    /** From there to its result. */
    static final String RUN = "run";
    private static final List<String> TABLES = List.of("tool_row", "tool_time", "tool_call", "tool_session");

    private final JdbcClient state;

    ToolRows(DataSource stateDataSource) {
        this.state = JdbcClient.create(stateDataSource);
        state.sql("""
                create table if not exists tool_session (
                  generation integer not null, session_id text not null, agent_id text not null,
                  primary key (generation, session_id))""").update();
        state.sql("""
                create table if not exists tool_call (
                  generation integer not null, session_id text not null, id text not null, tool text not null,
                  runner text not null, due_at text not null, started_at text,
                  primary key (generation, session_id, id))""").update();
        state.sql("""
                create table if not exists tool_row (
                  generation integer not null, session_id text not null, day text not null, agent_id text not null,
                  tool text not null, runner text not null,
                  calls integer not null default 0, started integer not null default 0,
                  answered integer not null default 0, errors integer not null default 0,
                  cut_off integer not null default 0, dropped integer not null default 0,
                  primary key (generation, session_id, day, agent_id, tool, runner))""").update();
        state.sql("""
                create table if not exists tool_time (
                  generation integer not null, session_id text not null, day text not null, agent_id text not null,
                  tool text not null, runner text not null, what text not null, bucket integer not null,
                  count integer not null,
                  primary key (generation, session_id, day, agent_id, tool, runner, what, bucket))""").update();
        for (var table : List.of("tool_row", "tool_time")) {
            state.sql("create index if not exists " + table + "_by_day on " + table + " (generation, day)").update();
            state.sql("create index if not exists " + table + "_by_tool on " + table + " (generation, tool)").update();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Class<?>> payloadTypes() {
        return Set.of(SessionEvent.Created.class, SessionEvent.Updated.class, SessionEvent.StatusTerminated.class,
                SessionEvent.Deleted.class, SessionEvent.ToolRequested.class, SessionEvent.ToolApproved.class,
                SessionEvent.ToolStarted.class, SessionEvent.ToolAnswered.class, SessionEvent.InputReceived.class,
                SessionEvent.Forked.class);
    }

    @Override
    public void on(Object event, long generation) {
        new Calls(generation, ((SessionEvent) event).sessionId()).on((SessionEvent) event);
    }

    @Override
    public int forget(long generation, int rowsMax) {
        for (var table : TABLES) {
            int removed = state.sql("delete from " + table + " where rowid in (select rowid from " + table
                    + " where generation = ? limit ?)").params(generation, rowsMax).update();
            if (removed > 0) {
                return removed;
            }
        }
        return 0;
    }

    private record Call(String id, String tool, String runner, Instant dueAt, @Nullable Instant startedAt) {}

    /** One session's calls, in one generation. */
    private final class Calls {
        private final long generation;
        private final String session;

        Calls(long generation, SessionId session) {
            this.generation = generation;
            this.session = session.value();
        }

        void on(SessionEvent event) {
            switch (event) {
                case SessionEvent.Created created -> agent(AgentNamed.in(created.agent()).id());
                case SessionEvent.Updated updated -> {
                    if (updated.agent() != null) {
                        agent(AgentNamed.in(updated.agent()).id());
                    }
                }
                case SessionEvent.ToolRequested requested -> request(requested.use(), requested.at());
                case SessionEvent.ToolApproved approved -> set("due_at = ?", approved.toolUseId(), approved.at());
                case SessionEvent.ToolStarted started -> find(started.toolUseId()).ifPresent(call -> {
                    set("started_at = ?", call.id(), started.at());
                    count(call, "started", started.at());
                    time(call, QUEUE, call.dueAt(), started.at());
                });
                case SessionEvent.ToolAnswered answer -> answered(
                        answer.toolUseId(), answer.isError(), answer.cutOff(), answer.at());
                case SessionEvent.InputReceived received -> {
                    switch (received.input()) {
                        case Input.CustomToolResult(var id, var _, var error) when !received.queued() ->
                            answered(id, error, false, received.at());
                        case Input.ToolResult(var id, var _, var error) when !received.queued() ->
                            answered(id, error, false, received.at());
                        case Input _ -> {}
                    }
                }
                case SessionEvent.StatusTerminated terminated -> drop(terminated.at());
                // What came before was its origin's, and counts there.
                case SessionEvent.Forked _ -> List.of("tool_row", "tool_time", "tool_call").forEach(this::remove);
                case SessionEvent.Deleted _ -> TABLES.forEach(this::remove);
                case SessionEvent _ -> {}
            }
        }

        private void agent(String agentId) {
            state.sql("insert or replace into tool_session values (?,?,?)")
                    .params(generation, session, agentId)
                    .update();
        }

        private void request(ToolUse use, Instant at) {
            var call = new Call(use.id(), use.name(), runner(use.runner()), at, null);
            state.sql("insert into tool_call values (?,?,?,?,?,?,null)")
                    .params(generation, session, call.id(), call.tool(), call.runner(), at.toString())
                    .update();
            count(call, "calls", at);
        }

        private Optional<Call> find(String id) {
            return calls(" and id = ?", id).stream().findFirst();
        }

        private List<Call> calls(String which, String... more) {
            var params = new ArrayList<Object>(List.of(generation, session));
            params.addAll(List.of(more));
            return state.sql("select id, tool, runner, due_at, started_at from tool_call"
                    + " where generation = ? and session_id = ?" + which)
                    .params(params)
                    .query((row, _) -> new Call(row.getString(1), row.getString(2), row.getString(3),
                            Instant.parse(row.getString(4)), instant(row.getString(5))))
                    .list();
        }

        private void set(String assignment, String id, Instant at) {
            state.sql("update tool_call set " + assignment + " where generation = ? and session_id = ? and id = ?")
                    .params(at.toString(), generation, session, id)
                    .update();
        }

        private void answered(String id, boolean error, boolean cutOff, Instant at) {
            find(id).ifPresent(call -> {
                count(call, "answered", at);
                if (error) {
                    count(call, "errors", at);
                }
                if (cutOff) {
                    count(call, "cut_off", at);
                }
                if (call.startedAt() != null) {
                    time(call, RUN, call.startedAt(), at);
                }
                state.sql("delete from tool_call where generation = ? and session_id = ? and id = ?")
                        .params(generation, session, id)
                        .update();
            });
        }

        private void drop(Instant at) {
            calls("").forEach(call -> count(call, "dropped", at));
            remove("tool_call");
        }

        private void remove(String table) {
            state.sql("delete from " + table + " where generation = ? and session_id = ?")
                    .params(generation, session)
                    .update();
        }

        private void count(Call call, String what, Instant at) {
            state.sql("insert into tool_row (generation, session_id, day, agent_id, tool, runner, " + what + ")"
                    + " select generation, session_id, ?, agent_id, ?, ?, 1 from tool_session"
                    + " where generation = ? and session_id = ?"
                    + " on conflict do update set " + what + " = " + what + " + 1")
                    .params(day(at), call.tool(), call.runner(), generation, session)
                    .update();
        }

        private void time(Call call, String what, Instant from, Instant to) {
            state.sql("insert into tool_time select generation, session_id, ?, agent_id, ?, ?, ?, ?, 1"
                    + " from tool_session where generation = ? and session_id = ?"
                    + " on conflict do update set count = count + 1")
                    .params(day(to), call.tool(), call.runner(), what, Spread.bucket(Duration.between(from, to)),
                            generation, session)
                    .update();
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static String runner(ToolRunner runner) {
        return runner.name().toLowerCase(Locale.ROOT);
    }

    private static String day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC).toString();
    }
}
