package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    /** What is read of these bytes when they come in pieces of this length. */
    private static List<String> read(String text, int pieceBytes) throws IOException, InterruptedException {
        var stream = new ByteStream(Duration.ofSeconds(5), Duration.ofSeconds(5), 1 << 20);
        stream.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                // All of it is there.
            }

            @Override
            public void cancel() {
                // Nothing goes on.
            }
        });
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        for (int at = 0; at < bytes.capacity(); at += pieceBytes) {
            stream.onNext(List.of(bytes.slice(at, Math.min(pieceBytes, bytes.capacity() - at))));
        }
        stream.onComplete();
        var frames = new Frames(stream);
        var read = new ArrayList<String>();
        for (var frame = frames.next(); frame != null; frame = frames.next()) {
            read.add(frame);
        }
        return read;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void cuts_make_no_difference(int pieceBytes) throws Exception {
        assertThat(read("event: a\ndata: {\"x\":\"é\ud83d\ude00\"}\n\ndata:two\n\n", pieceBytes)).containsExactly(
                "{\"x\":\"é\ud83d\ude00\"}", "two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lines_may_end_in_any_of_three_ways(String end) throws Exception {
        var events = "data: a#data: b##: comment##id: 7#retry: 1#data: c##".replace("#", end);

        assertThat(read(events, 1)).containsExactly("a\nb", "c");
    }

    @Test
    void an_event_that_the_end_cuts_off_is_none() throws Exception {
        assertThat(read("data: a\n\ndata: b\n", 1000)).containsExactly("a");
    }

    @Test
    void an_event_without_data_is_none() throws Exception {
        assertThat(read("event: ping\n\n\n\ndata: a\n\n", 1000)).containsExactly("a");
    }
}
