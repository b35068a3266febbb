package dev.handloom.sandbox.hands.handd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.DataFolder;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.NotBegun;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** The hand's side of the line, whatever the other side does. */
@Timeout(60)
class HanddHandTest {
    private static final String NONCE = "a secret of the sandbox";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Patience PATIENT = new Patience(LONG, LONG, LONG, LONG);
    private static final ToolCall CALL = new ToolCall("sevt_1", new ToolInput.Bash("echo", false, null));

    /** Lives until it is told otherwise. */
    private static final class Cell implements Sandbox {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile boolean dead;

        @Override
        public boolean alive() {
            return !dead && !ended.isDone();
        }

        @Override
        public boolean end(Duration within) {
            ended.complete(null);
            return true;
        }
    }

    @TempDir
    private Path data;
    private HandFolder folder;
    private Path socket;
    private Cell cell;
    private HanddHand hand;

    @BeforeEach
    void listen() throws Exception {
        begin(PATIENT);
    }

    private void begin(Patience patience) throws Exception {
        var session = new SessionId("sesn_1");
        var card = new Card("test", session, NONCE, "cell");
        folder = new HandFolders(new DataFolder(data)).make(card);
        socket = folder.sockets().resolve("hand");
        cell = new Cell();
        var settings = new HandsSettings("auto", "image", DataSize.ofMegabytes(64), 1, 16, DataSize.ofMegabytes(1),
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10));
        hand = new HanddHand(session, settings, patience, folder, folder.listen(card), cell, _ -> {});
    }

    @AfterEach
    void destroy() {
        hand.destroy(LONG);
    }

    private ScriptedHandd connected() throws Exception {
        var handd = ScriptedHandd.dial(socket, NONCE);
        hand.ready(LONG);
        return handd;
    }

    private Future<ToolResult> begun(ToolCall call) {
        var result = new CompletableFuture<ToolResult>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(hand.execute(call));
            } catch (HandDied | InterruptedException | RuntimeException failed) {
                result.completeExceptionally(failed);
            }
        });
        return result;
    }

    private static Throwable failure(Future<ToolResult> result) throws Exception {
        try {
            throw new AssertionError("no failure, but " + result.get());
        } catch (ExecutionException failed) {
            return Objects.requireNonNull(failed.getCause());
        }
    }

    @Test
    void a_call_is_sent_and_its_answer_comes_back() throws Exception {
        try (var handd = connected()) {
            var result = begun(CALL);
            var asked = handd.asked(Ask.CALL, "sevt_1");
            handd.printed(asked, "hello");
            assertThat(result.get()).isEqualTo(new ToolResult("hello", false));
        }
    }

    @Test
    void answers_find_their_calls_in_any_order() throws Exception {
        try (var handd = connected()) {
            var first = begun(CALL);
            var firstAsked = handd.asked(Ask.CALL, "sevt_1");
            var second = begun(new ToolCall("sevt_2", CALL.input()));
            var secondAsked = handd.asked(Ask.CALL, "sevt_2");
            handd.send(12345, 0, new Payload());
            handd.printed(secondAsked, "two");
            handd.printed(firstAsked, "one");
            assertThat(first.get().text()).isEqualTo("one");
            assertThat(second.get().text()).isEqualTo("two");
        }
    }

    @Test
    void over_a_new_connection_a_call_is_asked_for_by_its_id_and_never_sent_again() throws Exception {
        Future<ToolResult> result;
        try (var handd = connected()) {
            result = begun(CALL);
            handd.asked(Ask.CALL, "sevt_1");
        }
        try (var handd = ScriptedHandd.dial(socket, NONCE)) {
            handd.asked(Ask.ATTACH, "sevt_1");
        }
        try (var handd = ScriptedHandd.dial(socket, NONCE)) {
            handd.printed(handd.asked(Ask.ATTACH, "sevt_1"), "hello");
            assertThat(result.get().text()).isEqualTo("hello");
        }
    }

    @Test
    void a_call_that_was_lost_on_its_way_is_reported_and_not_repeated() throws Exception {
        Future<ToolResult> result;
        try (var handd = connected()) {
            result = begun(CALL);
            handd.asked();
        }
        try (var handd = ScriptedHandd.dial(socket, NONCE)) {
            handd.answer(handd.asked(Ask.ATTACH, "sevt_1"), Status.UNKNOWN_CALL, new Payload());
            assertThat(result.get().isError()).isTrue();
            assertThat(result.get().text()).contains("Most likely it did not run");
        }
    }

    @Test
    void a_call_begun_without_a_connection_is_sent_when_there_is_one() throws Exception {
        var result = begun(CALL);
        try (var handd = ScriptedHandd.dial(socket, NONCE)) {
            handd.printed(handd.asked(Ask.CALL, "sevt_1"), "late");
            assertThat(result.get().text()).isEqualTo("late");
        }
    }

    @Test
    void attaching_asks_by_id_only() throws Exception {
        try (var handd = connected()) {
            var answer = new CompletableFuture<Optional<ToolResult>>();
            Thread.startVirtualThread(() -> {
                try {
                    answer.complete(hand.attach(CALL));
                } catch (HandDied | InterruptedException failed) {
                    answer.completeExceptionally(failed);
                }
            });
            handd.answer(handd.asked(Ask.ATTACH, "sevt_1"), Status.UNKNOWN_CALL, new Payload());
            assertThat(answer.get()).isEmpty();
        }
    }

    @Test
    void whoever_does_not_know_the_nonce_is_turned_away() throws Exception {
        try (var handd = connected();
                var stranger = ScriptedHandd.dial(socket, NONCE + "?");
                var older = ScriptedHandd.dial(socket).hello(2, NONCE);
                var loud = ScriptedHandd.dial(socket).hello(1, "x".repeat(100_000));
                var tagged = ScriptedHandd.dial(socket).send(1, 0, new Payload().u32(1).str(NONCE));
                var silent = ScriptedHandd.dial(socket)) {
            assertThat(stranger.turnedAway()).isTrue();
            assertThat(older.turnedAway()).isTrue();
            assertThat(loud.turnedAway()).isTrue();
            assertThat(tagged.turnedAway()).isTrue();
            assertThat(silent.turnedAway()).isTrue();
            var result = begun(CALL);
            handd.printed(handd.asked(Ask.CALL, "sevt_1"), "undisturbed");
            assertThat(result.get().text()).isEqualTo("undisturbed");
        }
    }

    @Test
    void a_newer_connection_closes_the_older_one() throws Exception {
        try (var older = connected(); var newer = ScriptedHandd.dial(socket, NONCE)) {
            assertThat(older.turnedAway()).isTrue();
            var result = begun(CALL);
            newer.printed(newer.asked(Ask.CALL, "sevt_1"), "newer");
            assertThat(result.get().text()).isEqualTo("newer");
        }
    }

    @Test
    void an_endless_answer_ends_the_hand_and_not_the_service() throws Exception {
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.printed(handd.asked(), "x".repeat(2 << 20));
            assertThat(failure(result)).isInstanceOf(HandDied.class);
        } catch (IOException closedMeanwhile) {
            // The service need not read to the end.
        }
        cell.ended.get();
        assertThat(hand.alive()).isFalse();
    }

    @Test
    void nonsense_ends_the_hand() throws Exception {
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.send(handd.asked().tag(), 77, new Payload());
            assertThat(failure(result)).isInstanceOf(HandDied.class)
                    .hasMessageContaining("does not keep to the protocol");
        }
        cell.ended.get();
    }

    @Test
    void an_answer_that_ends_too_early_ends_the_hand() throws Exception {
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.answer(handd.asked(), Status.DONE, new Payload().u32(0));
            assertThat(failure(result)).isInstanceOf(HandDied.class);
        }
    }

    @Test
    void a_dead_sandbox_is_noticed_and_what_it_left_is_removed() throws Exception {
        var handd = connected();
        var result = begun(CALL);
        handd.asked();
        cell.dead = true;
        handd.close();
        assertThat(failure(result)).isInstanceOf(HandDied.class).isNotInstanceOf(NotBegun.class).hasMessage("it ended");
        assertThatThrownBy(() -> hand.execute(CALL)).isInstanceOf(NotBegun.class);
        hand.destroy(LONG);
        assertThat(folder.file("")).doesNotExist();
    }

    @Test
    void a_silent_handd_is_given_up() throws Exception {
        var soon = Duration.ofMillis(100);
        begin(new Patience(soon, soon, LONG, LONG));
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.asked(Ask.CALL, "sevt_1");
            assertThat(handd.asked().kind()).isEqualTo(Ask.PING.kind());
            assertThat(failure(result)).isInstanceOf(HandDied.class).hasMessageContaining("did not answer");
        }
        cell.ended.get();
    }

    @Test
    void a_call_that_never_ends_is_given_up_though_pings_are_answered() throws Exception {
        begin(new Patience(Duration.ofMillis(100), LONG, LONG, Duration.ofMillis(300)));
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.asked(Ask.CALL, "sevt_1");
            while (!result.isDone()) {
                try {
                    handd.answer(handd.asked(), Status.DONE, new Payload());
                } catch (IOException closed) {
                    break;
                }
            }
            assertThat(failure(result)).isInstanceOf(HandDied.class).hasMessageContaining("did not end a call in time");
        }
    }

    @Test
    void a_sandbox_that_does_not_dial_again_is_given_up() throws Exception {
        begin(new Patience(LONG, LONG, Duration.ofMillis(200), LONG));
        var handd = connected();
        var result = begun(CALL);
        handd.asked();
        handd.close();
        assertThat(failure(result)).isInstanceOf(HandDied.class).hasMessageContaining("lost its connection");
        cell.ended.get();
    }

    @Test
    void an_interrupted_call_is_cancelled_and_the_connection_stays() throws Exception {
        try (var handd = connected()) {
            var thread = new CompletableFuture<Thread>();
            var outcome = new CompletableFuture<Throwable>();
            Thread.startVirtualThread(() -> {
                thread.complete(Thread.currentThread());
                try {
                    hand.execute(CALL);
                } catch (HandDied | InterruptedException stopped) {
                    outcome.complete(stopped);
                }
            });
            handd.asked(Ask.CALL, "sevt_1");
            thread.get().interrupt();
            handd.asked(Ask.CANCEL, "sevt_1");
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            var next = begun(new ToolCall("sevt_2", CALL.input()));
            handd.printed(handd.asked(Ask.CALL, "sevt_2"), "next");
            assertThat(next.get().text()).isEqualTo("next");
        }
    }

    @Test
    void forget_and_cancel_are_passed_on() throws Exception {
        try (var handd = connected()) {
            hand.cancel("sevt_1");
            handd.asked(Ask.CANCEL, "sevt_1");
            hand.forget("sevt_1");
            handd.asked(Ask.FORGET, "sevt_1");
        }
    }

    @Test
    void a_hand_that_is_left_lives_and_its_calls_are_not_answered() throws Exception {
        try (var handd = connected()) {
            var result = begun(CALL);
            handd.asked();
            hand.leave();
            assertThat(failure(result)).isInstanceOf(InterruptedException.class);
            assertThat(handd.turnedAway()).isTrue();
        }
        assertThat(cell.ended).isNotDone();
        assertThat(folder.file("card.json")).exists();
    }

    @Test
    void a_call_too_long_for_a_frame_is_an_error_the_model_reads() throws Exception {
        try (var _ = connected()) {
            var result = hand.execute(new ToolCall("sevt_1", new ToolInput.Write("/a", "x".repeat(9 << 20))));
            assertThat(result).isEqualTo(new ToolResult("write: the call is longer than 8,388,608 bytes", true));
        }
    }

    @Test
    void a_failed_tool_and_a_frame_not_understood_are_told_apart() throws Exception {
        try (var handd = connected()) {
            var failed = begun(CALL);
            handd.answer(handd.asked(), Status.FAILED, new Payload().u32(11).str("too many"));
            assertThat(failed.get()).isEqualTo(new ToolResult("bash: too many", true));
            var senseless = begun(new ToolCall("sevt_2", CALL.input()));
            handd.answer(handd.asked(), Status.SENSELESS, new Payload().str("an argument of 1 MB"));
            assertThat(senseless.get()).isEqualTo(
                    new ToolResult("bash: the sandbox does not take this call: an argument of 1 MB", true));
        }
    }

    @Test
    void handd_that_does_not_read_is_hung_up_on() throws Exception {
        try (var handd = connected()) {
            for (int i = 0; i < 100_000; i++) {
                hand.forget("sevt_" + "x".repeat(100) + i);
            }
            while (!handd.turnedAway()) {
                Thread.onSpinWait();
            }
        }
        try (var handd = ScriptedHandd.dial(socket, NONCE)) {
            var result = begun(CALL);
            handd.printed(handd.asked(Ask.CALL, "sevt_1"), "again");
            assertThat(result.get().text()).isEqualTo("again");
        }
    }

    @Test
    void only_the_owner_can_reach_the_card_and_anybody_inside_the_socket() throws Exception {
        assertThat(mode(data.resolve("hands"))).isEqualTo("rwx------");
        assertThat(mode(folder.file(""))).isEqualTo("rwx--x--x");
        assertThat(mode(folder.sockets())).isEqualTo("rwx--x--x");
        assertThat(mode(socket)).isEqualTo("rw-rw-rw-");
        assertThat(mode(folder.file("card.json"))).isEqualTo("rw-------");
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
