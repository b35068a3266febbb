package dev.handloom.kit.projection;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** Which generations there are, in the state file, so that a process that dies goes on where it was. */
class GenerationTable {
    enum Role {
        LIVE, BUILDING, LEAVING
    }

    record Entry(long generation, Role role, Instant since) {}

    private final JdbcClient state;
    private final TransactionOperations transaction;

    GenerationTable(JdbcClient state, TransactionOperations transaction) {
        this.state = state;
        this.transaction = transaction;
        state.sql("""
                create table if not exists projection (name text not null, generation integer not null,
                  role text not null, since text not null, primary key (name, generation))""").update();
        state.sql("create unique index if not exists projection_role on projection (name, role)"
                + " where role <> 'leaving'").update();
    }

    List<Entry> of(String name) {
        return state.sql("select generation, role, since from projection where name = ? order by generation")
                .param(name)
                .query((row, _) -> new Entry(row.getLong(1), Role.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                        Instant.parse(row.getString(3))))
                .list();
    }

    void add(String name, long generation, Role role, Instant now) {
        state.sql("insert into projection values (?,?,?,?)")
                .params(name, generation, text(role), now.toString())
                .update();
    }

    private static String text(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What was built is read from now on, if it has seen all that the other has. Both have their tokens here, so no event
     * can come in between.
     *
     * @return whether it was done
     */
    boolean swap(String name, long live, long building, Instant now) {
        return Boolean.TRUE.equals(transaction.execute(_ -> {
            if (position(name, building) < Math.max(0, position(name, live))) {
                return false;
            }
            role(name, live, Role.LEAVING, now);
            role(name, building, Role.LIVE, now);
            return true;
        }));
    }

    /** Where a generation's token stands; -1 before it has one. */
    private long position(String name, long generation) {
        return state.sql("select json_extract(cast(token as text), '$.globalIndex') from TokenEntry"
                + " where processorName = ? and token is not null")
                .param(Generation.nameOf(name, generation))
                .query(Long.class)
                .optional()
                .orElse(-1L);
    }

    private void role(String name, long generation, Role role, Instant now) {
        state.sql("update projection set role = ?, since = ? where name = ? and generation = ?")
                .params(text(role), now.toString(), name, generation)
                .update();
    }

    /** Nothing of a generation is left but its token and its name. */
    void remove(String name, long generation) {
        transaction.executeWithoutResult(_ -> {
            state.sql("delete from TokenEntry where processorName = ?")
                    .param(Generation.nameOf(name, generation))
                    .update();
            state.sql("delete from projection where name = ? and generation = ?").params(name, generation).update();
        });
    }
}
