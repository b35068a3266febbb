package dev.handloom.sandbox.hands.handd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static FrameReader reading(byte[] bytes) {
        return new FrameReader(Channels.newChannel(new ByteArrayInputStream(bytes)));
    }

    private static byte[] bytes(ByteBuffer frame) {
        var bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }

    @Test
    void a_frame_is_written_as_the_protocol_says() {
        var frame = Frame.encoded(0x01020304, 2, new Payload().u8(255).u32(-1).str("é"));
        assertThat(HexFormat.of().formatHex(bytes(frame)))
                .isEqualTo("10000000" + "04030201" + "02" + "ff" + "ffffffff" + "02000000c3a9");
    }

    @Test
    void what_was_written_is_read_again_whatever_its_length() throws Exception {
        for (int length : new int[]{0, 1, 65_526, 65_527, 65_528, 70_000, 300_000}) {
            var text = "x".repeat(length);
            var one = bytes(Frame.encoded(7, 1, new Payload().str(text)));
            var two = new byte[one.length * 2];
            System.arraycopy(one, 0, two, 0, one.length);
            System.arraycopy(one, 0, two, one.length, one.length);
            var frames = reading(two);
            for (int i = 0; i < 2; i++) {
                var frame = frames.next(1 << 20);
                assertThat(frame.tag()).isEqualTo(7);
                assertThat(frame.kind()).isEqualTo(1);
                assertThat(new Fields(frame.payload()).str()).isEqualTo(text);
            }
            assertThatThrownBy(() -> frames.next(1 << 20)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void frames_may_arrive_byte_by_byte() throws Exception {
        var bytes = bytes(Frame.encoded(1, 0, new Payload().str("slowly")));
        var slow = new InputStream() {
            private int next;

            @Override
            public int read() {
                return next < bytes.length ? Byte.toUnsignedInt(bytes[next++]) : -1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int value = read();
                into[offset] = (byte) value;
                return value < 0 ? -1 : 1;
            }
        };
        var frame = new FrameReader(Channels.newChannel(slow)).next(100);
        assertThat(new Fields(frame.payload()).str()).isEqualTo("slowly");
    }

    @Test
    void a_length_that_no_frame_may_have_is_refused_before_it_is_believed() {
        for (var length : new String[]{"00000000", "04000000", "65000000", "ffffffff", "00000080"}) {
            assertThatThrownBy(() -> reading(HexFormat.of().parseHex(length + "00".repeat(200))).next(100))
                    .as(length)
                    .isInstanceOf(BadFrame.class);
        }
        assertThatThrownBy(() -> reading(HexFormat.of().parseHex("64000000" + "00".repeat(99))).next(100))
                .isInstanceOf(EOFException.class);
    }

    @Test
    void fields_that_are_not_there_are_refused() {
        for (var payload : new String[]{"", "ff", "05000000aabb", "ffffffff", "00000080"}) {
            var fields = new Fields(ByteBuffer.wrap(HexFormat.of().parseHex(payload))
                    .order(ByteOrder.LITTLE_ENDIAN));
            assertThatThrownBy(fields::str).as(payload).isInstanceOf(BadFrame.class);
        }
        assertThatThrownBy(() -> new Fields(ByteBuffer.allocate(7)).u64()).isInstanceOf(BadFrame.class);
        assertThatThrownBy(() -> new Fields(ByteBuffer.allocate(0)).u8()).isInstanceOf(BadFrame.class);
        assertThatThrownBy(() -> new Fields(ByteBuffer.wrap(new byte[]{-1, -1, -1, -1, -1, -1, -1, -1})).u64())
                .isInstanceOf(BadFrame.class);
    }
}
