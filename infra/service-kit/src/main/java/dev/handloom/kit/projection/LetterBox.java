package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogEngine;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcDeadLetter;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcSequencedDeadLetterQueue;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.messaging.deadletter.ThrowableCause;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The events of one generation that wait, each behind the one that could not be handled. */
class LetterBox {
    /** Stands for an event that has been erased meanwhile: there is nothing left to handle. */
    record Gone() {}

    private static final int PAGE = 100;

    private final String group;
    private final JdbcClient state;
    private final LogEngine log;
    private final SequencedDeadLetterQueue<EventMessage<?>> queue;

    LetterBox(String group, Workbench tools) {
        this.group = group;
        this.state = tools.state();
        this.log = tools.log();
        this.queue = JdbcSequencedDeadLetterQueue.<EventMessage<?>>builder()
                .processingGroup(group)
                .connectionProvider(tools.connections())
                .transactionManager(tools.transactions())
                .genericSerializer(tools.serializer())
                .eventSerializer(tools.serializer())
                .statementFactory(new Letters(tools.serializer()))
                .converter(this::letter)
                .maxSequences(tools.settings().parkedSessions())
                .maxSequenceSize(tools.settings().parkedEvents())
                .pageSize(PAGE)
                .build();
    }

    SequencedDeadLetterQueue<EventMessage<?>> queue() {
        return queue;
    }

    private JdbcDeadLetter<EventMessage<?>> letter(ResultSet row) throws SQLException {
        var sequence = row.getString("sequenceIdentifier");
        long number = row.getLong("sequenceNumber");
        var causeType = row.getString("causeType");
        return new JdbcDeadLetter<>(row.getString("deadLetterIdentifier"), row.getLong("sequenceIndex"), sequence,
                DateTimeUtils.parseInstant(row.getString("enqueuedAt")),
                DateTimeUtils.parseInstant(row.getString("lastTouched")),
                causeType == null ? null : new ThrowableCause(causeType, row.getString("causeMessage")),
                MetaData.emptyInstance(), event(sequence, number));
    }

    private EventMessage<?> event(String stream, long seq) {
        var found = log.slice(stream, seq, 1);
        return found.isEmpty() || found.getFirst().getSequenceNumber() != seq
                ? new GenericDomainEventMessage<>("", stream, seq, new Gone())
                : found.getFirst();
    }

    /** The sessions that wait, those that have waited longest first. */
    List<Parked> parked(int limit) {
        return state.sql("""
                select sequenceIdentifier, count(*), min(sequenceIndex), sequenceNumber, payloadType,
                  coalesce(causeType || ': ' || causeMessage, causeType, ''), enqueuedAt, lastTouched
                from DeadLetterEntry where processingGroup = ?
                group by sequenceIdentifier order by enqueuedAt, sequenceIdentifier limit ?""")
                .params(group, limit)
                .query((row, _) -> new Parked(row.getString(1), row.getLong(2), row.getLong(4) + 1, row.getString(5),
                        row.getString(6), instant(row.getString(7)), instant(row.getString(8))))
                .list();
    }

    private static Instant instant(String text) {
        return DateTimeUtils.parseInstant(text);
    }

    record Count(long sequences, long events) {}

    Count count() {
        return state.sql("select count(distinct sequenceIdentifier), count(*) from DeadLetterEntry"
                + " where processingGroup = ?")
                .param(group)
                .query((row, _) -> new Count(row.getLong(1), row.getLong(2)))
                .single();
    }

    boolean holds(String sequence) {
        return state.sql("select exists (select 1 from DeadLetterEntry"
                + " where processingGroup = ? and sequenceIdentifier = ?)")
                .params(group, sequence)
                .query(Integer.class)
                .single() == 1;
    }

    /** @return how many letters there were */
    int discard(String sequence) {
        return state.sql("delete from DeadLetterEntry where processingGroup = ? and sequenceIdentifier = ?")
                .params(group, sequence)
                .update();
    }

    void clear() {
        state.sql("delete from DeadLetterEntry where processingGroup = ?").param(group).update();
    }
}
