package dev.handloom.sandbox.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.Ids;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What hands owe that are real operating systems: processes, isolation, life beyond the process that made them. */
public abstract class SandboxContract extends HandContract {
    /** What every program's environment has, ours and the sandbox's alike. */
    private static final Set<String> OURS = Set.of("PATH", "HOME", "HOSTNAME", "PWD", "OLDPWD", "SHLVL", "_", "TERM",
            "LANG",
            "SHELL", "USER", "LOGNAME", "PAGER", "GIT_PAGER", "GIT_EDITOR", "GIT_TERMINAL_PROMPT", "DEBIAN_FRONTEND",
            "PYTHONUNBUFFERED");

    /** Kills the sandbox as an operator or the kernel would. */
    protected abstract void kill() throws Exception;

    /** How many sandboxes of this installation run or stand about. */
    protected abstract int sandboxes() throws Exception;

    // processes

    @Test
    void a_background_job_does_not_hold_its_call() throws Exception {
        assertThat(ok(bash("sleep 300 & echo started"))).contains("started");
        assertThat(ok(bash("jobs -r | wc -l")).strip()).isEqualTo("1");
        assertThat(ok(bash("setsid nohup sh -c 'while :; do echo noise; sleep 0.01; done' & echo away")))
                .contains("away");
        assertThat(ok(bash("echo clean"))).isEqualTo("clean\n");
    }

    @Test
    void a_command_has_no_input_to_wait_for() throws Exception {
        assertThat(ok(bash("cat; echo done"))).isEqualTo("done\n");
    }

    @Test
    void a_shell_that_ends_is_replaced_where_it_stood() throws Exception {
        ok(bash("mkdir -p d && cd d"));
        assertThat(error(bash("exit 7"))).contains("exit 7").contains("a new one stands in /workspace/d");
        assertThat(ok(bash("pwd")).strip()).isEqualTo("/workspace/d");
    }

    @Test
    void what_a_cancelled_command_started_is_gone() throws Exception {
        var running = bash("(setsid sleep 300 &); echo > begun; sleep 300");
        var result = begin(running);
        waitFor("begun");
        hand.cancel(running.toolUseId());
        assertThat(result.get().text()).contains("[cancelled]");
        assertThat(ok(bash("cat /proc/[0-9]*/comm | grep -c sleep || true")).strip()).isEqualTo("0");
    }

    @Test
    void a_fork_bomb_ends_with_its_call() throws Exception {
        var text = error(call("bash", "command", "bomb() { bomb | bomb & }; bomb; sleep 30", "timeout_ms", 1000));
        assertThat(text).contains("timed out");
        assertThat(ok(bash("echo alive"))).contains("alive");
    }

    @Test
    void the_whole_of_a_long_output_can_be_read_in_the_sandbox() throws Exception {
        var text = ok(bash("for i in {1..40000}; do echo line $i; done"));
        var kept = text.lines().findFirst().orElseThrow().replaceAll(".*all of it is in (\\S+)\\]", "$1");
        assertThat(ok(bash("head -n 1 " + kept + "; wc -l < " + kept))).isEqualTo("line 1\n40000\n");
    }

    @Test
    void endless_output_ends_by_itself() throws Exception {
        var result = run(call("bash", "command", "yes", "timeout_ms", 30_000));
        assertThat(result.text()).contains("bytes; this is its end");
        assertThat(ok(bash("echo alive"))).contains("alive");
    }

    @Test
    void pipes_and_devices_are_refused_at_once() throws Exception {
        ok(bash("mkfifo pipe"));
        assertThat(error(call("read", "file_path", "pipe"))).startsWith("read: ");
        assertThat(error(call("read", "file_path", "/dev/zero"))).startsWith("read: ");
        assertThat(error(call("write", "file_path", "pipe", "content", "x"))).startsWith("write: ");
    }

    // isolation

    @Test
    void there_is_no_network() throws Exception {
        assertThat(ok(bash("grep -c : /proc/net/dev")).strip()).isEqualTo("1");
        assertThat(error(bash("exec 3<>/dev/tcp/169.254.169.254/80"))).contains("unreachable");
        assertThat(error(bash("exec 3<>/dev/tcp/10.0.0.1/80"))).contains("unreachable");
        assertThat(error(bash("exec 3<>/dev/tcp/example.com/80"))).doesNotContain("timed out");
    }

    @Test
    void the_environment_has_nothing_of_the_service() throws Exception {
        var names = ok(bash("env | cut -d= -f1")).lines();
        assertThat(names).doesNotContainAnyElementsOf(
                System.getenv().keySet().stream().filter(name -> !OURS.contains(name)).toList());
        assertThat(ok(bash("env"))).doesNotContain("nonce");
        assertThat(ok(bash("hostname")).strip()).isEqualTo("sandbox");
        error(bash("cat /proc/1/environ"));
        assertThat(ok(bash("id -u")).strip()).isEqualTo("1000");
    }

    @Test
    void only_the_workspace_outputs_and_tmp_can_be_written() throws Exception {
        ok(bash("touch /workspace/a /tmp/a /mnt/session/outputs/a ~/a"));
        for (var place : new String[]{"/", "/usr", "/etc", "/usr/bin", "/.hands", "/.hands/s", "/mnt/session/uploads",
            "/dev",
            "/proc/sys/kernel"}) {
            assertThat(run(bash("touch " + place + "/x && rm " + place + "/x")).isError()).as(place).isTrue();
        }
        assertThat(ok(bash("ls -A /home /root 2>/dev/null | grep -v -e '^/' -e '^agent$' -e '^$' | wc -l")).strip())
                .isEqualTo("0");
    }

    @Test
    void nothing_of_the_host_can_be_reached() throws Exception {
        assertThat(ok(bash("ls /var/run/docker.sock /run/docker.sock /dev/kvm /dev/mem 2>/dev/null | wc -l")).strip())
                .isEqualTo("0");
        ok(bash("ln -s /etc/shadow shadow; ln -s /proc/1/environ environ"));
        assertThat(run(call("read", "file_path", "shadow")).text()).doesNotContain("root:");
        assertThat(run(call("read", "file_path", "environ")).text()).doesNotContain("nonce_");
        error(bash("mv /.hands/s/hand /.hands/s/other"));
        error(bash("ln -sf /var/run/docker.sock /.hands/s/hand"));
        error(bash("unshare -U true"));
        assertThat(ok(bash("ps -e 2>/dev/null | grep -c -i -e java -e dockerd || true")).strip()).isEqualTo("0");
    }

    @Test
    void the_socket_of_the_hand_does_not_listen_to_others() throws Exception {
        ok(bash("command -v python3 || exit 0; python3 - <<'END'\n"
                + "import socket, struct\n"
                + "for hello in (b'', b'\\0' * 64, struct.pack('<IIBI', 9 + 5, 0, 0, 1) + struct.pack('<I', 5) + b'wrong',"
                + " b'\\xff' * 100):\n"
                + "    s = socket.socket(socket.AF_UNIX)\n"
                + "    s.connect('/.hands/s/hand')\n"
                + "    s.sendall(hello)\n"
                + "    s.shutdown(socket.SHUT_WR)\n"
                + "    assert s.recv(1) == b''\n"
                + "END"));
        assertThat(ok(bash("echo alive"))).contains("alive");
    }

    // life and death

    @Test
    void a_sandbox_killed_from_outside_is_noticed_by_the_call_that_runs() throws Exception {
        var running = begin(bash("echo > begun; sleep 300"));
        waitFor("begun");
        kill();
        assertThat(running).failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(HandDied.class);
        assertThat(hand.alive()).isFalse();
        assertThatThrownBy(() -> hand.execute(bash("echo x"))).isInstanceOf(Hand.NotBegun.class);
    }

    @Test
    void a_dead_hand_leaves_nothing_and_another_can_be_made() throws Exception {
        var session = hand.session();
        // Deeper than a path can say, closed, and with a way out.
        ok(bash("deep=$(printf 'd/%.0s' {1..1500}); mkdir -p $deep; cd $deep; mkdir -p $deep; mkdir closed; touch closed/x; "
                + "chmod 0 closed; ln -s / root"));
        hand.destroy(DESTROY_WITHIN);
        assertNothingIsLeft();
        hand = provider.provision(new Recipe(session, "env_1"));
        assertThat(ok(bash("ls -A")).strip()).isEmpty();
    }

    @Test
    void the_next_process_adopts_the_hand_and_gets_the_answer_of_the_call_that_ran() throws Exception {
        ok(bash("A=kept; cd /tmp"));
        var call = bash("echo ran >> /workspace/count; echo > /workspace/begun; "
                + "while [ ! -e /workspace/stop ]; do sleep 0.02; done; echo result $A $PWD; wc -l < /workspace/count");
        var before = begin(call);
        waitFor("begun");
        ((AutoCloseable) provider).close();
        assertThat(before).failsWithin(Duration.ofSeconds(20))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(InterruptedException.class);

        provider = provider(data, SETTINGS);
        var adopted = provider.adopt();
        assertThat(adopted).extracting(Hand::session).containsExactly(hand.session());
        hand = adopted.getFirst();
        ok(call("write", "file_path", "stop", "content", ""));
        var result = hand.attach(call).orElseThrow();
        assertThat(result.text()).isEqualTo("result kept /tmp\n1\n");
        assertThat(hand.attach(bash("never sent"))).isEmpty();
        assertThat(ok(bash("echo $A")).strip()).isEqualTo("kept");
    }

    @Test
    void what_a_dead_hand_left_is_swept_by_the_next_process() throws Exception {
        ((AutoCloseable) provider).close();
        kill();
        Files.createDirectories(data.resolve("hands/hxxxxxxxxxxxx/s"));
        provider = provider(data, SETTINGS);
        assertThat(provider.adopt()).isEmpty();
        assertNothingIsLeft();
    }

    @Test
    void a_hand_with_nobody_left_ends_by_itself() throws Exception {
        var lonely = provider(data, settings(Duration.ofSeconds(10)));
        hand.destroy(DESTROY_WITHIN);
        hand = lonely.provision(new Recipe(new SessionId(Ids.next("sesn_")), "env_1"));
        assertThat(sandboxes()).isEqualTo(1);
        ((AutoCloseable) lonely).close();
        while (sandboxes() > 0) {
            Thread.onSpinWait();
        }
        lonely = provider(data, SETTINGS);
        assertThat(lonely.adopt()).isEmpty();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws Exception {
        assertThat(sandboxes()).isZero();
        assertThat(folders()).isEmpty();
    }

    private String[] folders() throws IOException {
        try (var all = Files.list(data.resolve("hands"))) {
            return all.map(Path::getFileName)
                    .map(Path::toString)
                    .filter(name -> name.length() == 13)
                    .toArray(String[]::new);
        }
    }
}
