package dev.handloom.session.read;

import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.StopReason;
import dev.handloom.api.session.Tokens;
import dev.handloom.kit.projection.Projection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The projection {@code sessions}: a row a session, for {@link SessionIndex}. */
@Component
class SessionRows implements Projection {
    static final String NAME = "sessions";

    private final JdbcClient state;

    SessionRows(DataSource stateDataSource) {
        this.state = JdbcClient.create(stateDataSource);
        state.sql("""
                create table if not exists session_row (
                  generation integer not null, id text not null, created_at text not null, updated_at text not null,
                  status text not null, agent_id text not null, agent_version integer not null,
                  environment_id text not null, archived integer not null default 0, title text, title_folded text,
                  input integer not null default 0, output integer not null default 0,
                  cache_written_5m integer not null default 0, cache_written_1h integer not null default 0,
                  cache_read integer not null default 0, turns integer not null default 0,
                  requests integer not null default 0, open_calls integer not null default 0,
                  primary key (generation, id))""").update();
        state.sql("create index if not exists session_row_by_age on session_row (generation, created_at, id)").update();
        state.sql("drop table if exists session_index").update(); // As it was called before there were generations.
        state.sql("delete from TokenEntry where processorName = 'session-index'").update();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Class<?>> payloadTypes() {
        return Set.of(SessionEvent.Created.class, SessionEvent.Updated.class, SessionEvent.StatusRunning.class,
                SessionEvent.StatusIdle.class, SessionEvent.StatusRescheduled.class,
                SessionEvent.StatusTerminated.class, SessionEvent.Archived.class, SessionEvent.Deleted.class,
                SessionEvent.ModelRequestStarted.class, SessionEvent.ModelRequestEnded.class,
                SessionEvent.TokensSpent.class, SessionEvent.ToolRequested.class, SessionEvent.ToolAnswered.class,
                SessionEvent.InputReceived.class, SessionEvent.Forked.class,
                SessionEvent.NoteWritten.class, SessionEvent.NoteFailed.class);
    }

    @Override
    public void on(Object event, long generation) {
        new Row(generation, ((SessionEvent) event).sessionId()).on((SessionEvent) event);
    }

    @Override
    public int forget(long generation, int rowsMax) {
        return state.sql("delete from session_row where rowid in"
                + " (select rowid from session_row where generation = ? limit ?)").params(generation, rowsMax).update();
    }

    /** One session's row in one generation. */
    private final class Row {
        private final long generation;
        private final SessionId id;

        Row(long generation, SessionId id) {
            this.generation = generation;
            this.id = id;
        }

        void on(SessionEvent event) {
            switch (event) {
                case SessionEvent.Created created -> create(created);
                case SessionEvent.Updated updated -> update(updated);
                case SessionEvent.StatusRunning e -> status("running", e.at());
                case SessionEvent.StatusRescheduled e -> status("rescheduling", e.at());
                case SessionEvent.StatusIdle e -> {
                    status("idle", e.at());
                    if (!(e.stopReason() instanceof StopReason.RequiresAction)) {
                        set("turns = turns + 1");
                    }
                }
                case SessionEvent.StatusTerminated e -> {
                    status("terminated", e.at());
                    set("open_calls = 0");
                }
                case SessionEvent.Archived _ -> set("archived = 1");
                case SessionEvent.ModelRequestStarted _ -> set("requests = requests + 1");
                case SessionEvent.ModelRequestEnded ended -> spend(ended.tokens());
                case SessionEvent.TokensSpent spent -> spend(spent.tokens());
                case SessionEvent.NoteWritten written -> spend(written.tokens());
                case SessionEvent.NoteFailed failed -> spend(failed.tokens());
                case SessionEvent.ToolRequested _ -> set("open_calls = open_calls + 1");
                case SessionEvent.ToolAnswered _ -> set("open_calls = max(0, open_calls - 1)");
                case SessionEvent.InputReceived received -> {
                    if (!received.queued() && answersCall(received.input())) {
                        set("open_calls = max(0, open_calls - 1)");
                    }
                }
                case SessionEvent.Forked forked -> beginAnew(forked);
                case SessionEvent.Deleted _ -> state.sql("delete from session_row where generation = ? and id = ?")
                        .params(generation, id.value())
                        .update();
                case SessionEvent _ -> {}
            }
        }

        private void set(String assignment, @Nullable Object... values) {
            var params = new ArrayList<@Nullable Object>(Arrays.asList(values));
            params.add(generation);
            params.add(id.value());
            state.sql("update session_row set " + assignment + " where generation = ? and id = ?")
                    .params(params)
                    .update();
        }

        private void create(SessionEvent.Created created) {
            var agent = AgentNamed.in(created.agent());
            state.sql("""
                    insert into session_row (generation, id, created_at, updated_at, status, agent_id, agent_version,
                      environment_id) values (?,?,?,?,'idle',?,?,?)""")
                    .params(generation, id.value(), SessionIndex.sortable(created.at()),
                            SessionIndex.sortable(created.at()), agent.id(),
                            agent.version(), created.environmentId())
                    .update();
            title(created.title());
        }

        /** What came before was its origin's. */
        private void beginAnew(SessionEvent.Forked forked) {
            var at = SessionIndex.sortable(forked.at());
            set("created_at = ?, updated_at = ?, status = 'idle', archived = 0, input = 0, output = 0,"
                    + " cache_written_5m = 0, cache_written_1h = 0, cache_read = 0, turns = 0, requests = 0", at, at);
            title(forked.title());
        }

        private void update(SessionEvent.Updated updated) {
            set("updated_at = ?", SessionIndex.sortable(updated.at()));
            if (updated.titleChanged()) {
                title(updated.title());
            }
            if (updated.agent() != null) {
                var agent = AgentNamed.in(updated.agent());
                set("agent_id = ?, agent_version = ?", agent.id(), agent.version());
            }
        }

        private void title(@Nullable String title) {
            set("title = ?, title_folded = ?", title, title == null ? null : folded(title));
        }

        private void status(String status, Instant at) {
            set("status = ?, updated_at = ?", status, SessionIndex.sortable(at));
        }

        private void spend(Tokens tokens) {
            set("input = input + ?, output = output + ?, cache_written_5m = cache_written_5m + ?,"
                    + " cache_written_1h = cache_written_1h + ?, cache_read = cache_read + ?", tokens.input(),
                    tokens.output(), tokens.cacheWritten5m(), tokens.cacheWritten1h(), tokens.cacheRead());
        }
    }

    private static boolean answersCall(Input input) {
        return input instanceof Input.CustomToolResult || input instanceof Input.ToolResult;
    }

    /** As two texts are compared that differ only in upper and lower case. */
    static String folded(String text) {
        return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
