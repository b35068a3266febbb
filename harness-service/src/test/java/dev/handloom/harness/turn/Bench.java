package dev.handloom.harness.turn;

import dev.handloom.api.session.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.Consumer;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A ledger on a table in memory, and a clock that a test moves. */
final class Bench extends Clock implements AutoCloseable {
    static final SessionId SESSION = new SessionId("sesn_1");

    private final SingleConnectionDataSource table = new SingleConnectionDataSource("jdbc:sqlite::memory:", true);
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");

    Ledger ledger() {
        return new Ledger(table, this);
    }

    synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    /** As the saga does it: what follows the commit follows. */
    static void inTransaction(Runnable change) {
        DefaultUnitOfWork.startAndGet(null).execute(change);
    }

    static void open(Ledger ledger, Step step) {
        inTransaction(() -> ledger.open(SESSION, step));
    }

    /** Gives every row to an owner who has died and whose lease is over. */
    void abandonAll() {
        JdbcClient.create(table).sql("update work set owner = 'dead', lease_until = 0").update();
    }

    /** The table as it was when a step's id alone was its key. */
    void makeOlder() {
        var table = JdbcClient.create(this.table);
        table.sql("alter table work rename to newer").update();
        table.sql("""
                create table work (
                  id text primary key, session_id text not null, kind text not null, target text not null,
                  due_at integer not null, owner text, lease_until integer not null,
                  failures integer not null default 0)""").update();
        table.sql("insert into work select * from newer").update();
        table.sql("drop table newer").update();
    }

    int rows() {
        return JdbcClient.create(table).sql("select count(*) from work").query(Integer.class).single();
    }

    String ownerOf(String id) {
        return JdbcClient.create(table)
                .sql("select owner from work where id = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    int failures(String id) {
        return JdbcClient.create(table)
                .sql("select failures from work where id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public void close() {
        table.destroy();
    }

    static <T> Consumer<T> ignored() {
        return _ -> {};
    }
}
