package dev.handloom.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.serialization.SerializedObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a processor writes down of its place can be read again, whatever context a replay was given. */
class TokenFormTest {
    static List<TrackingToken> tokens() {
        var end = new GlobalSequenceTrackingToken(42);
        var beginning = new GlobalSequenceTrackingToken(0);
        return List.of(end, ReplayToken.createReplayToken(end, beginning),
                ReplayToken.createReplayToken(end, beginning, "a reason"),
                ReplayToken.createReplayToken(end, null, Map.of("why", List.of("one", "other"))),
                ((ReplayToken) ReplayToken.createReplayToken(end, beginning, 7L))
                        .advancedTo(new GlobalSequenceTrackingToken(3)));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void a_token_survives_being_written_down(TrackingToken token) {
        SerializedObject<byte[]> stored = Serializers.json().serialize(token, byte[].class);
        TrackingToken read = Serializers.json().deserialize(stored);
        assertThat(read).isEqualTo(token);
        if (token instanceof ReplayToken replay) {
            assertThat(ReplayToken.replayContext(read, Object.class))
                    .isEqualTo(ReplayToken.replayContext(replay, Object.class));
        }
    }
}
