package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How handd calls its service, what it makes of broken frames, and when it ends. */
@Timeout(120)
class ConnectionTest {
    private static final int FRAME_BYTES_MAX = 33_554_432;
    private static final int HEAD = 5;

    @TempDir
    Path folder = Path.of("");
    private Handd handd;

    @BeforeEach
    void start() {
        handd = Handd.start(folder);
    }

    @AfterEach
    void end() {
        handd.close();
    }

    private static ByteBuffer words(int... words) {
        var buffer = ByteBuffer.allocate(Integer.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.flip();
    }

    @Test
    void it_says_its_version_and_the_nonce_first_even_when_it_is_asked_before() {
        handd.line().close();
        var line = handd.acceptRaw();
        int tag = line.send(Line.PING, new byte[]{1});
        assertThat(line.next()).isZero();
        assertThat(line.await(0)).satisfies(hello -> {
            assertThat(hello.status()).isZero();
            assertThat(hello.payload()).isEqualTo(new Payload().u32(1).str(Handd.NONCE).bytes());
        });
        assertThat(line.await(tag).payload()).containsExactly(1);
        line.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1 << 20, FRAME_BYTES_MAX - HEAD})
    void a_ping_comes_back_as_it_was(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        var answer = handd.line().ping(bytes);
        assertThat(answer.status()).isEqualTo(Answer.DONE);
        assertThat(answer.payload()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, FRAME_BYTES_MAX + 1, Integer.MAX_VALUE, -1})
    void a_frame_of_an_impossible_length_ends_the_connection_and_only_that(int length) {
        var before = handd.bash("kept=yes");
        handd.line().raw(words(length));
        assertThat(handd.line().ended()).isTrue();
        handd.reconnect();
        assertThat(before.exit()).isZero();
        assertThat(handd.bash("echo $kept").text()).isEqualTo("yes\n");
    }

    @Test
    void a_frame_in_pieces_is_one_frame() {
        var line = handd.line();
        for (byte piece : new byte[]{6, 0, 0, 0, 77, 0, 0, 0, Line.PING, 42}) {
            line.raw(ByteBuffer.wrap(new byte[]{piece}));
        }
        assertThat(line.await(77).payload()).containsExactly(42);
    }

    @Test
    void frames_sent_together_are_all_answered() {
        int first = handd.line().send(Line.PING, new byte[]{0});
        int last = first;
        for (int i = 1; i < 2000; i++) {
            last = handd.line().send(Line.PING, new byte[]{(byte) i});
        }
        for (int tag = first; tag <= last; tag++) {
            assertThat(handd.line().await(tag).payload()).containsExactly((byte) (tag - first));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 99, 255})
    void an_unknown_kind_makes_no_sense(int kind) {
        assertThat(handd.line().ask(kind, new byte[]{1, 2, 3}).nonsense()).isEqualTo("unknown kind");
    }

    @ParameterizedTest
    @ValueSource(ints = {Line.CALL, Line.ATTACH, Line.FORGET, Line.CANCEL})
    void a_call_id_must_be_there_and_neither_empty_nor_long(int kind) {
        for (var payload : new byte[][]{
            {}, {1, 0, 0}, {1, 0, 0, 0}, {-1, -1, -1, -1, 1}, new Payload().str("").bytes(),
            new Payload().str("x".repeat(129)).bytes()}) {
            assertThat(handd.line().ask(kind, payload).nonsense()).contains("call id");
        }
    }

    @Test
    void every_truncation_of_every_tool_makes_no_sense_and_neither_does_a_byte_more() {
        var directory = handd.workspace();
        for (var tool : new Payload[]{
            Tool.bash(""), Tool.read(directory.resolve("x")), Tool.write(directory.resolve("x"), "y"),
            Tool.edit(directory.resolve("x"), "y", "z"), Tool.glob(directory, "*", 10),
            Tool.exec(directory, "true")}) {
            var fields = tool.bytes();
            for (int length = 0; length < fields.length; length++) {
                var part = java.util.Arrays.copyOf(fields, length);
                assertThat(handd.call(new Payload().raw(part)).nonsense()).isEqualTo("not the fields of a tool");
            }
            assertThat(handd.call(new Payload().raw(fields).u8(0)).nonsense()).isEqualTo("not the fields of a tool");
        }
        assertThat(handd.call(new Payload().u8(7)).nonsense()).isEqualTo("not the fields of a tool");
    }

    @Test
    void a_frame_that_made_no_sense_leaves_no_call_behind() {
        var id = handd.nextId();
        handd.line().await(handd.send(id, new Payload().u8(1)));
        assertThat(handd.attach(id).status()).isEqualTo(Answer.UNKNOWN_CALL);
        assertThat(handd.line().await(handd.send(id, Tool.bash("echo ran"))).bash().text()).isEqualTo("ran\n");
    }

    @Test
    void lengths_that_lie_do_not_bring_it_down() {
        var random = new Random(20_261_122);
        for (int i = 0; i < 3000; i++) {
            var tool = new Payload().str("r" + i).u8(1 + random.nextInt(6)).u32(random.nextInt());
            for (int k = random.nextInt(6); k >= 0; k--) {
                tool.u32(random.nextBoolean() ? random.nextInt(64) : random.nextInt()).u8(random.nextInt(256));
            }
            handd.line().send(1 + random.nextInt(8), tool.bytes());
        }
        assertThat(handd.line().ping(new byte[]{7}).payload()).containsExactly(7);
        assertThat(handd.bash("echo alive").text()).isEqualTo("alive\n");
    }

    @Test
    void many_large_answers_wait_until_they_are_read() throws InterruptedException {
        var big = handd.workspace().resolve("big");
        assertThat(handd.call(Tool.write(big, "x".repeat(200_000))).created()).isTrue();
        // Whoever does not read cannot send for ever either, so this takes two.
        var sender = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 400; i++) {
                handd.send(Tool.read(big));
            }
        });
        for (int i = 0; i < 400; i++) {
            int tag = handd.line().next();
            assertThat(handd.line().await(tag).read().size()).isEqualTo(200_000);
        }
        sender.join();
    }

    @Test
    void the_shell_survives_a_new_connection() {
        handd.bash("cd /usr; x=5");
        handd.reconnect();
        assertThat(handd.bash("echo $x $PWD").text()).isEqualTo("5 /usr\n");
    }

    @Test
    void it_ends_when_nobody_is_there_for_too_long_and_leaves_nothing_behind() {
        handd.close();
        handd = Handd.start(folder, "-T", "1");
        var child = handd.bash("sleep 600 & echo $!").text();
        handd.abandon();
        assertThat(handd.awaitExit()).isZero();
        Handd.awaitEnd(child);
    }

    @Test
    void on_a_sigterm_it_ends_and_leaves_nothing_behind() {
        var child = handd.bash("trap '' TERM HUP; setsid sleep 600 & echo $!").text();
        handd.process().destroy();
        assertThat(handd.awaitExit()).isZero();
        Handd.awaitEnd(child);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-T 0", "-T x", "-T 604801", "-w workspace", "-r relative", "-r /nonexistent", "-z", "more"})
    void it_refuses_options_it_does_not_understand(String options) throws Exception {
        var words = new java.util.ArrayList<>(
                java.util.List.of(Handd.program().toString(), "-d", "/nonexistent", "-r", folder.toString()));
        words.addAll(java.util.List.of(options.split(" ")));
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("handd");
        assertThat(process.waitFor()).isEqualTo(2);
    }
}
