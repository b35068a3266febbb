package dev.handloom.kit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.Serializers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Events are JSON inside a seal, whoever stores them. */
class SealingSerializerTest {
    private static final SessionEvent SAID = EngineContract.said(EngineContract.ONE, "a plan");
    private static final SessionEvent DELETED = new SessionEvent.Deleted(
            EngineContract.ONE, "sevt_9", EngineContract.NOON);

    @TempDir
    private Path folder;
    private Seal seal;
    private SealingSerializer serializer;

    @BeforeEach
    void open() {
        seal = Seal.open(new DataFolder(folder), null);
        serializer = new SealingSerializer(Serializers.json(), seal);
    }

    @AfterEach
    void close() {
        seal.close();
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void an_event_is_sealed_under_the_name_and_revision_it_always_had() {
        var stored = serializer.serialize(SAID, byte[].class);
        var plain = Serializers.json().serialize(SAID, byte[].class);
        assertThat(latin(stored.getData())).doesNotContain("a plan");
        assertThat(stored.getType()).isEqualTo(plain.getType());
        assertThat(SealedPayload.plainBytes(stored.getData())).isEqualTo(plain.getData().length);
        assertThat(serializer.<byte[], Object>deserialize(stored)).isEqualTo(SAID);
    }

    @Test
    void what_was_stored_before_there_was_a_seal_is_read_as_it_stands() {
        SerializedObject<byte[]> plain = Serializers.json().serialize(SAID, byte[].class);
        assertThat(serializer.<byte[], Object>deserialize(plain)).isEqualTo(SAID);
        assertThat(SealedPayload.plainBytes(plain.getData())).isEqualTo(plain.getData().length);
    }

    @Test
    void what_belongs_to_no_session_or_outlives_it_is_not_sealed() {
        assertThat(latin(serializer.serialize(DELETED, byte[].class).getData())).startsWith("{");
        assertThat(latin(serializer.serialize("a saga", byte[].class).getData())).isEqualTo("\"a saga\"");
    }

    @Test
    void an_upcaster_that_asks_for_json_sees_it_open() {
        var stored = serializer.serialize(SAID, byte[].class);
        var json = serializer.getConverter().convert(stored, JsonNode.class);
        assertThat(json.getData().path("type").asString()).isEqualTo("input_received");
        assertThat(serializer.<JsonNode, Object>deserialize(json)).isEqualTo(SAID);
    }

    @Test
    void once_the_key_is_gone_an_event_is_read_as_erased_and_anything_else_is_refused() {
        var stored = serializer.serialize(SAID, byte[].class);
        assertThat(serializer.inPlaceOf(stored.getData(), EngineContract.NOON)).isNull();
        seal.erase(EngineContract.ONE.value());
        assertThat(serializer.<byte[], Object>deserialize(stored)).isInstanceOf(SessionEvent.Erased.class);
        var placeholder = serializer.inPlaceOf(stored.getData(), EngineContract.NOON);
        assertThat(placeholder).isNotNull();
        assertThat(serializer.<byte[], Object>deserialize(new SimpleSerializedObject<>(placeholder, byte[].class,
                SessionEvent.Erased.class.getName(), null)))
                .isEqualTo(new SessionEvent.Erased(EngineContract.ONE, EngineContract.NOON));
        var snapshot = new SimpleSerializedObject<>(stored.getData(), byte[].class, Object.class.getName(), null);
        assertThatThrownBy(() -> serializer.<byte[], Object>deserialize(snapshot)).isInstanceOf(Erased.class);
    }

    @Test
    void the_placeholder_is_never_stored_and_nothing_sealed_becomes_text() {
        var placeholder = new SessionEvent.Erased(EngineContract.ONE, EngineContract.NOON);
        assertThatThrownBy(() -> serializer.serialize(placeholder, byte[].class))
                .isInstanceOf(SerializationException.class);
        assertThatThrownBy(() -> serializer.serialize(SAID, String.class)).isInstanceOf(SerializationException.class);
    }

    @Test
    void the_form_is_the_one_that_every_later_version_reads() {
        var stored = serializer.serialize(SAID, byte[].class).getData();
        var hex = HexFormat.of().formatHex(stored);
        assertThat(hex)
                .startsWith("01" + "08" + HexFormat.of().formatHex("sesn_one".getBytes(StandardCharsets.US_ASCII)));
        var large = serializer.serialize(EngineContract.said(EngineContract.ONE, "x".repeat(70_000)), byte[].class)
                .getData();
        assertThat(large).hasSize(2 + 8 + 32 + 4).startsWith(2, 8);
    }
}
