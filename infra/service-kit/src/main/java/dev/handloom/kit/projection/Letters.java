package dev.handloom.kit.projection;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.deadletter.jdbc.DefaultDeadLetterStatementFactory;
import org.axonframework.messaging.deadletter.Cause;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.serialization.Serializer;

/**
 * Axon's dead letters in SQLite. A letter says where its event stands in the log and never what it says, so that
 * nothing that is erased there is left here.
 */
class Letters extends DefaultDeadLetterStatementFactory<EventMessage<?>> {
    static final String TABLE = """
            create table if not exists DeadLetterEntry (deadLetterIdentifier text primary key,
              processingGroup text not null, sequenceIdentifier text not null, sequenceIndex integer not null,
              sequenceNumber integer not null, payloadType text not null, enqueuedAt text not null,
              lastTouched text not null, processingStarted text, causeType text, causeMessage text, diagnostics blob,
              unique (processingGroup, sequenceIdentifier, sequenceIndex))""";
    private static final String INSERT = """
            insert into DeadLetterEntry (deadLetterIdentifier, processingGroup, sequenceIdentifier, sequenceIndex,
              sequenceNumber, payloadType, enqueuedAt, lastTouched, causeType, causeMessage)
            values (?,?,?,?,?,?,?,?,?,?)""";

    Letters(Serializer serializer) {
        super(DefaultDeadLetterStatementFactory.<EventMessage<?>>builder()
                .genericSerializer(serializer)
                .eventSerializer(serializer));
    }

    @Override
    public PreparedStatement enqueueStatement(
            Connection connection,
            String group,
            String sequence,
            DeadLetter<? extends EventMessage<?>> letter,
            long index
    ) throws SQLException {
        var event = (DomainEventMessage<?>) letter.message();
        var insert = connection.prepareStatement(INSERT);
        insert.setString(1, UUID.randomUUID().toString());
        insert.setString(2, group);
        insert.setString(3, sequence);
        insert.setLong(4, index);
        insert.setLong(5, event.getSequenceNumber());
        insert.setString(6, event.getPayloadType().getName());
        insert.setString(7, DateTimeUtils.formatInstant(letter.enqueuedAt()));
        insert.setString(8, DateTimeUtils.formatInstant(letter.lastTouched()));
        insert.setString(9, letter.cause().map(Cause::type).orElse(null));
        insert.setString(10, letter.cause().map(Cause::message).orElse(null));
        return insert;
    }

    /** SQLite's driver refuses to read a null as a number. */
    @Override
    public PreparedStatement maxIndexStatement(Connection connection, String group, String sequence)
            throws SQLException {
        var select = connection.prepareStatement("select coalesce(max(sequenceIndex), 0) from DeadLetterEntry"
                + " where processingGroup = ? and sequenceIdentifier = ?");
        select.setString(1, group);
        select.setString(2, sequence);
        return select;
    }

    /** The first letter of each sequence. Axon's own statement pages by an index that counts within a sequence. */
    @Override
    public PreparedStatement claimableSequencesStatement(
            Connection connection,
            String group,
            Instant startedBefore,
            int offset,
            int limit
    ) throws SQLException {
        var select = connection.prepareStatement("""
                select * from DeadLetterEntry letter where processingGroup = ?
                  and sequenceIndex = (select min(sequenceIndex) from DeadLetterEntry first
                    where first.processingGroup = letter.processingGroup
                      and first.sequenceIdentifier = letter.sequenceIdentifier)
                  and (processingStarted is null or processingStarted < ?)
                order by sequenceIdentifier limit ? offset ?""", ResultSet.TYPE_FORWARD_ONLY,
                ResultSet.CONCUR_READ_ONLY);
        select.setString(1, group);
        select.setString(2, DateTimeUtils.formatInstant(startedBefore));
        select.setInt(3, limit);
        select.setInt(4, offset);
        return select;
    }
}
