package dev.handloom.kit.log;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.seal.SealedPayload;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * One stored event, as bytes. {@code seq} counts from 0 within its stream; {@code global} counts over all streams and
 * is 0 until the writer assigns it.
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way to and from the file; never compared.
public record Row(
        long global,
        String stream,
        long seq,
        String streamType,
        String id,
        String type,
        @Nullable String revision,
        String at,
        byte[] metaData,
        byte[] payload
) implements DomainEventData<byte[]>, TrackedEventData<byte[]> {
    public static final String COLUMNS = "global, stream, seq, stream_type, id, type, revision, at, meta_data, payload";
    private static final DateTimeFormatter SORTABLE = new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

    /** Events that belong to no aggregate are kept as streams of one event, under their own id. */
    public static Row of(EventMessage<?> message, Serializer serializer) {
        SerializedObject<byte[]> payload = message.serializePayload(serializer, byte[].class);
        SerializedObject<byte[]> metaData = message.serializeMetaData(serializer, byte[].class);
        var domain = message instanceof DomainEventMessage<?> event ? event : null;
        return new Row(
                0,
                domain == null ? message.getIdentifier() : domain.getAggregateIdentifier(),
                domain == null ? 0 : domain.getSequenceNumber(),
                domain == null || domain.getType() == null ? "" : domain.getType(),
                message.getIdentifier(),
                payload.getType().getName(),
                payload.getType().getRevision(),
                sortable(message.getTimestamp()),
                metaData.getData(),
                payload.getData());
    }

    /** Text that sorts by time: always nine digits of a second. */
    public static String sortable(Instant instant) {
        return SORTABLE.format(instant);
    }

    static Row read(ResultSet rows) throws SQLException {
        return new Row(rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getString(4), rows.getString(5),
                rows.getString(6), rows.getString(7), rows.getString(8), rows.getBytes(9), rows.getBytes(10));
    }

    public void write(PreparedStatement insert, long assigned) throws SQLException {
        insert.setLong(1, assigned);
        insert.setString(2, stream);
        insert.setLong(3, seq);
        insert.setString(4, streamType);
        insert.setString(5, id);
        insert.setString(6, type);
        insert.setString(7, revision);
        insert.setString(8, at);
        insert.setBytes(9, metaData);
        insert.setBytes(10, payload);
    }

    @Override
    public String getType() {
        return streamType;
    }

    @Override
    public String getAggregateIdentifier() {
        return stream;
    }

    @Override
    public long getSequenceNumber() {
        return seq;
    }

    @Override
    public String getEventIdentifier() {
        return id;
    }

    @Override
    public Instant getTimestamp() {
        return Instant.parse(at);
    }

    @Override
    public SerializedObject<byte[]> getMetaData() {
        return new SerializedMetaData<>(metaData, byte[].class);
    }

    @Override
    public SerializedObject<byte[]> getPayload() {
        return new SimpleSerializedObject<>(payload, byte[].class, type, revision);
    }

    @Override
    public TrackingToken trackingToken() {
        return new GlobalSequenceTrackingToken(global);
    }

    /** The payload's size in bytes, once it is opened and fetched from where it lies. */
    int size() {
        return SealedPayload.plainBytes(payload);
    }

    /** The same row, where the key of what it says is no more. */
    Row erased(byte[] placeholder) {
        return new Row(global, stream, seq, streamType, id, SessionEvent.Erased.class.getName(), null, at, metaData,
                placeholder);
    }
}
