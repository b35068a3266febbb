package dev.handloom.harness.turn;

import dev.handloom.api.session.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The steps that are to be done, each a row until it is done. A row is worked on under a lease, which its owner renews;
 * when the owner dies, whoever finds the lease run out takes the row over. That is all there is to crash recovery.
 */
@Component
class Ledger {
    static final Duration LEASE = Duration.ofSeconds(2);
    private static final int SWEEP_MAX = 200;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    /** A step that fails again and again is tried this often in the end; the others are not held up by it. */
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    /** A row: one step of one session. */
    record Work(SessionId session, Step step) {
        Key key() {
            return new Key(session, step.id());
        }
    }

    /** What a row is found by. A step's id alone is not enough: forks repeat the ids of their origin. */
    record Key(SessionId session, String id) {}

    private final JdbcClient state;
    private final Clock clock;
    /** This process, among all that share the ledger. */
    private final String me = UUID.randomUUID().toString();
    private volatile Consumer<Work> opened = _ -> {};
    private volatile Consumer<Key> closed = _ -> {};

    Ledger(DataSource stateDataSource, Clock clock) {
        this.state = JdbcClient.create(stateDataSource);
        this.clock = clock;
        boolean older = state.sql("select count(*) from pragma_table_info('work') where pk > 0")
                .query(Integer.class)
                .single() == 1;
        if (older) {
            state.sql("alter table work rename to work_by_id").update();
        }
        state.sql("""
                create table if not exists work (
                  id text not null, session_id text not null, kind text not null, target text not null,
                  due_at integer not null, owner text, lease_until integer not null,
                  failures integer not null default 0, primary key (session_id, id))""").update();
        if (older) {
            state.sql("insert or ignore into work select * from work_by_id").update();
            state.sql("drop table work_by_id").update();
        }
    }

    /** @param opened,closed told after the commit: what this process now owns, and what needs no more doing */
    void tell(Consumer<Work> opened, Consumer<Key> closed) {
        this.opened = opened;
        this.closed = closed;
    }

    /** Runs in the saga's transaction. A step that is already there is left as it is. */
    void open(SessionId session, Step step) {
        var due = step instanceof Step.RetryModel retry ? retry.dueAt() : Instant.EPOCH;
        boolean now = due.equals(Instant.EPOCH);
        int added = state.sql("insert or ignore into work values (?,?,?,?,?,?,?,0)")
                .params(List.of(step.id(), session.value(), kind(step), targetOf(step), due.toEpochMilli(),
                        now ? me : "", now ? leaseEnd() : 0))
                .update();
        if (added == 1 && now) {
            CurrentUnitOfWork.get().root().afterCommit(_ -> opened.accept(new Work(session, step)));
        }
    }

    /** Runs in the saga's transaction. */
    void close(SessionId session, String id) {
        var key = new Key(session, id);
        remove(key);
        CurrentUnitOfWork.get().root().afterCommit(_ -> closed.accept(key));
    }

    /** The step is done and leaves nothing in the log that would say so. */
    void remove(Key key) {
        state.sql("delete from work where session_id = ? and id = ?")
                .params(key.session().value(), key.id())
                .update();
    }

    /** The step failed for the platform's own reasons; after a wait that grows, whoever looks next may try it again. */
    void giveBack(Key key) {
        state.sql("""
                update work set owner = '', failures = failures + 1, lease_until = ? + min(?, ? << min(failures, 10))
                where session_id = ? and id = ?""")
                .params(clock.millis(), WAIT_MAX.toMillis(), FIRST_WAIT.toMillis(), key.session().value(), key.id())
                .update();
    }

    /** The step goes on elsewhere. If it is still not done after this long, whoever looks next may ask after it. */
    void leave(Key key, Duration askAgainAfter) {
        state.sql("update work set owner = '', lease_until = ? where session_id = ? and id = ?")
                .params(clock.millis() + askAgainAfter.toMillis(), key.session().value(), key.id())
                .update();
    }

    void renew() {
        state.sql("update work set lease_until = ? where owner = ?").params(leaseEnd(), me).update();
    }

    /** Rows that are due and nobody works on are this process's now, up to 200 of them. */
    List<Work> takeOver() {
        long now = clock.millis();
        return state.sql("""
                update work set owner = ?, lease_until = ?
                where rowid in (select rowid from work where lease_until < ? and due_at <= ? limit ?)
                returning id, session_id, kind, target, due_at""")
                .params(me, leaseEnd(), now, now, SWEEP_MAX)
                .query((row, _) -> new Work(new SessionId(row.getString(2)),
                        step(row.getString(1), row.getString(3), row.getString(4), row.getLong(5))))
                .list();
    }

    /** Takes every lease from its owner: right only where no other process can be alive. */
    void forgetLeases() {
        state.sql("update work set owner = '', lease_until = 0").update();
    }

    /** Makes a session's steps due at once. */
    void wake(SessionId session) {
        state.sql("update work set lease_until = 0 where session_id = ? and owner <> ?")
                .params(session.value(), me)
                .update();
    }

    private long leaseEnd() {
        return clock.millis() + LEASE.toMillis();
    }

    private static String kind(Step step) {
        return switch (step) {
            case Step.AskModel _ -> "ask_model";
            case Step.RunTool _ -> "run_tool";
            case Step.RetryModel _ -> "retry_model";
            case Step.CancelTool _ -> "cancel_tool";
            case Step.ReleaseHand _ -> "release_hand";
        };
    }

    private static String targetOf(Step step) {
        return switch (step) {
            case Step.AskModel ask -> ask.id();
            case Step.RunTool run -> run.id();
            case Step.RetryModel retry -> retry.requestId();
            case Step.CancelTool cancel -> cancel.toolUseId();
            case Step.ReleaseHand release -> release.id();
        };
    }

    private static Step step(String id, String kind, String target, long dueAt) {
        return switch (kind) {
            case "ask_model" -> new Step.AskModel(id);
            case "run_tool" -> new Step.RunTool(id);
            case "retry_model" -> new Step.RetryModel(id, target, Instant.ofEpochMilli(dueAt));
            case "cancel_tool" -> new Step.CancelTool(id, target);
            case "release_hand" -> new Step.ReleaseHand(id);
            default -> throw new IllegalStateException("the ledger holds an unknown kind of step: " + kind);
        };
    }
}
