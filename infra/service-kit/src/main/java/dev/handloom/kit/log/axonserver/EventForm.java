package dev.handloom.kit.log.axonserver;

import com.google.protobuf.ByteString;
import dev.handloom.kit.log.Row;
import io.axoniq.axonserver.grpc.MetaDataValue;
import io.axoniq.axonserver.grpc.SerializedObject;
import io.axoniq.axonserver.grpc.event.Event;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.axonframework.messaging.MetaData;

/**
 * A row as the server keeps it. The server's own form of meta data has fewer types than ours and its times only
 * milliseconds, so what it would change travels beside: the meta data as we serialized them, and the time where it is finer.
 */
final class EventForm {
    private static final String META_DATA = "metaData";
    private static final String AT = "at";
    /** What an event has that was not written by us. */
    private static final byte[] NO_META_DATA = "{}".getBytes(StandardCharsets.UTF_8);

    private EventForm() {}

    static Event event(Row row, boolean snapshot) {
        var at = row.getTimestamp();
        var event = Event.newBuilder()
                .setMessageIdentifier(row.id())
                .setAggregateIdentifier(row.stream())
                .setAggregateSequenceNumber(row.seq())
                .setAggregateType(row.streamType())
                .setTimestamp(at.toEpochMilli())
                .setPayload(object(row.type(), row.revision() == null ? "" : row.revision(), row.payload()))
                .putMetaData(META_DATA,
                        MetaDataValue.newBuilder()
                                .setBytesValue(object(MetaData.class.getName(), "", row.metaData()))
                                .build())
                .setSnapshot(snapshot);
        if (!Instant.ofEpochMilli(at.toEpochMilli()).equals(at)) {
            event.putMetaData(AT, MetaDataValue.newBuilder().setTextValue(row.at()).build());
        }
        return event.build();
    }

    private static SerializedObject object(String type, String revision, byte[] data) {
        return SerializedObject.newBuilder()
                .setType(type)
                .setRevision(revision)
                .setData(ByteString.copyFrom(data))
                .build();
    }

    /** @param global 0 where it is not known */
    static Row row(Event event, long global) {
        var payload = event.getPayload();
        var metaData = event.getMetaDataMap().get(META_DATA);
        var at = event.getMetaDataMap().get(AT);
        return new Row(
                global,
                event.getAggregateIdentifier(),
                event.getAggregateSequenceNumber(),
                event.getAggregateType(),
                event.getMessageIdentifier(),
                payload.getType(),
                payload.getRevision().isEmpty() ? null : payload.getRevision(),
                at == null ? Row.sortable(Instant.ofEpochMilli(event.getTimestamp())) : at.getTextValue(),
                metaData == null ? NO_META_DATA : metaData.getBytesValue().getData().toByteArray(),
                payload.getData().toByteArray());
    }
}
