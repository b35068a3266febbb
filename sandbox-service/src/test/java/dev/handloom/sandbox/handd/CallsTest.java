package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A call runs once, whatever happens to the service that asked for it. */
@Timeout(120)
class CallsTest {
    private static final int KEPT_MAX = 1024;

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

    @Test
    void a_repeated_call_gets_the_answer_of_the_first() {
        var command = Tool.bash("echo x >> ran; wc -l < ran");
        assertThat(handd.line().await(handd.send("one", command)).bash().text()).isEqualTo("1\n");
        assertThat(handd.line().await(handd.send("one", command)).bash().text()).isEqualTo("1\n");
        assertThat(handd.attach("one").bash().text()).isEqualTo("1\n");
        assertThat(handd.bash("wc -l < ran").text()).isEqualTo("1\n");
    }

    @Test
    void a_call_that_runs_is_attached_to_and_everybody_gets_its_answer() {
        var gate = Gate.in(handd);
        int first = handd.send("slow", Tool.bash("echo x >> ran; " + gate.command() + "; wc -l < ran"));
        int second = handd.send("slow", Tool.bash("echo never"));
        int third = handd.line().send(Line.ATTACH, new Payload().str("slow").bytes());
        gate.open();
        for (int tag : new int[]{first, second, third}) {
            assertThat(handd.line().await(tag).bash().text()).isEqualTo("1\n");
        }
    }

    @Test
    void a_call_goes_on_without_its_service_and_is_found_by_the_next() {
        var gate = Gate.in(handd);
        handd.send("slow", Tool.bash("echo x >> ran; " + gate.command() + "; wc -l < ran"));
        gate.awaitReached();
        handd.reconnect();
        int tag = handd.line().send(Line.ATTACH, new Payload().str("slow").bytes());
        gate.open();
        assertThat(handd.line().await(tag).bash().text()).isEqualTo("1\n");
    }

    @Test
    void an_answer_that_nobody_heard_is_kept() {
        var gate = Gate.in(handd);
        handd.send("slow", Tool.bash(gate.command() + "; echo done"));
        gate.awaitReached();
        handd.line().close();
        gate.open();
        handd.reconnect();
        assertThat(handd.attach("slow").bash().text()).isEqualTo("done\n");
        assertThat(handd.attach("slow").bash().text()).isEqualTo("done\n");
    }

    @Test
    void what_it_does_not_know_it_says_so() {
        assertThat(handd.attach("never").status()).isEqualTo(Answer.UNKNOWN_CALL);
        assertThat(handd.forget("never").status()).isEqualTo(Answer.DONE);
        assertThat(handd.cancel("never").status()).isEqualTo(Answer.DONE);
    }

    @Test
    void a_forgotten_answer_is_gone() {
        handd.line().await(handd.send("one", Tool.bash("echo x")));
        assertThat(handd.forget("one").status()).isEqualTo(Answer.DONE);
        assertThat(handd.attach("one").status()).isEqualTo(Answer.UNKNOWN_CALL);
    }

    @Test
    void a_call_that_runs_cannot_be_forgotten() {
        var gate = Gate.in(handd);
        int tag = handd.send("slow", Tool.bash(gate.command() + "; echo done"));
        gate.awaitReached();
        assertThat(handd.forget("slow").status()).isEqualTo(Answer.DONE);
        gate.open();
        assertThat(handd.line().await(tag).bash().text()).isEqualTo("done\n");
        assertThat(handd.attach("slow").bash().text()).isEqualTo("done\n");
    }

    @Test
    void a_failure_is_an_answer_like_any_other() {
        handd.line().await(handd.send("one", Tool.read(handd.workspace().resolve("x"))));
        handd.bash("echo now > x");
        assertThat(handd.attach("one").failure().message()).contains("no such file");
    }

    @Test
    void the_oldest_answers_go_when_there_are_too_many() {
        var read = Tool.read(handd.workspace());
        for (int i = 0; i <= KEPT_MAX; i++) {
            handd.line().await(handd.send("call " + i, read));
        }
        assertThat(handd.attach("call 0").status()).isEqualTo(Answer.UNKNOWN_CALL);
        assertThat(handd.attach("call 1").status()).isEqualTo(Answer.FAILED);
        assertThat(handd.attach("call " + KEPT_MAX).status()).isEqualTo(Answer.FAILED);
    }

    @Test
    void the_oldest_answers_go_when_they_are_too_large_together() {
        int size = 8 << 20;
        handd.bash("head -c " + size + " /dev/zero > large");
        var read = Tool.read(handd.workspace().resolve("large").toString(), 0, 0, size);
        for (int i = 0; i < 8; i++) {
            handd.line().await(handd.send("large " + i, read));
        }
        assertThat(handd.attach("large 0").status()).isEqualTo(Answer.UNKNOWN_CALL);
        assertThat(handd.attach("large 1").read().size()).isEqualTo(size);
    }

    @Test
    void a_call_id_is_bytes() {
        var longest = "\u0000ü".repeat(42) + "ab";
        assertThat(handd.line().await(handd.send(longest, Tool.bash("echo x"))).bash().text()).isEqualTo("x\n");
        assertThat(handd.attach(longest).bash().text()).isEqualTo("x\n");
        assertThat(handd.attach(longest + "").status()).isEqualTo(Answer.DONE);
        assertThat(handd.attach("\u0000").status()).isEqualTo(Answer.UNKNOWN_CALL);
    }

    @Test
    void too_many_who_wait_for_one_call_are_sent_away() {
        var gate = Gate.in(handd);
        int first = handd.send("slow", Tool.bash(gate.command() + "; echo done"));
        int last = first;
        for (int i = 0; i < 8; i++) {
            last = handd.line().send(Line.ATTACH, new Payload().str("slow").bytes());
        }
        assertThat(handd.line().await(last).failure().message()).contains("too many wait");
        gate.open();
        for (int tag = first; tag < last; tag++) {
            assertThat(handd.line().await(tag).bash().text()).isEqualTo("done\n");
        }
    }
}
