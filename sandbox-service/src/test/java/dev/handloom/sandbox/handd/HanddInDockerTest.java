package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a hostile command does in a hardened container where handd is process 1. Nothing here is to be tried on the
 * machine itself.
 */
@Timeout(180)
class HanddInDockerTest {
    private static final String IMAGE = "handloom/sandbox:1";
    private static final int PIDS = 128;
    private static final long BOMB_MS = 2000;
    private static final int EACCES = 13;

    @TempDir
    Path folder = Path.of("");
    private Handd handd;

    @BeforeEach
    void start() throws IOException {
        skipUnlessThereIsTheImage();
        var sockets = Handd.socket(folder).getParent();
        Files.createDirectories(sockets);
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxr-xr-x"));
        handd = Handd.start(folder,
                List.of("docker", "run", "--rm", "--network", "none", "--user", "1000:1000", "--cap-drop", "ALL",
                        "--security-opt", "no-new-privileges", "--read-only", "--pids-limit", Integer.toString(PIDS),
                        "--memory", "256m",
                        "--memory-swap", "256m", "--cpus", "1", "--ulimit", "core=0", "--ulimit", "nofile=4096",
                        "--log-driver", "none", "--tmpfs",
                        "/run/hands:uid=1000,gid=1000,mode=700,size=64m,noexec,nosuid,nodev",
                        "--tmpfs", "/tmp:size=32m,nosuid,nodev", "--tmpfs", "/workspace:uid=1000,gid=1000,size=32m",
                        "--volume", sockets + ":/.hands/s:ro", "--volume", Handd.program() + ":/.hands/handd:ro",
                        "--env",
                        "HANDD_NONCE", IMAGE, "-d", "/.hands/s/hand", "-T", "30"));
    }

    private static void skipUnlessThereIsTheImage() {
        boolean there;
        try {
            there = new ProcessBuilder("docker", "image", "inspect", IMAGE).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join()
                    .exitValue() == 0;
        } catch (IOException noDocker) {
            there = false;
        }
        Handd.skipUnless(there, "there is no Docker with the image " + IMAGE + " here; ./handloom image makes it");
    }

    @AfterEach
    void end() {
        if (handd != null) {
            handd.close();
        }
    }

    private String text(String command) {
        return handd.bash(command).text();
    }

    private void works() {
        assertThat(text("echo works")).isEqualTo("works\n");
        assertThat(handd.line().ping(new byte[]{1}).payload()).containsExactly(1);
    }

    @Test
    void it_is_process_one_and_runs_as_nobody_special() {
        assertThat(text("id -u; cat /proc/1/comm; grep CapEff /proc/self/status"))
                .isEqualTo("1000\nhandd\nCapEff:\t0000000000000000\n");
    }

    @Test
    void its_environment_memory_and_descriptors_cannot_be_read() {
        assertThat(text("cat /proc/1/environ /proc/1/mem /proc/1/maps; ls /proc/1/fd").lines())
                .hasSize(4)
                .allMatch(line -> line.endsWith("Permission denied"));
        for (var path : List.of("/proc/1/environ", "/proc/1/mem", "/proc/self/environ", "/proc/self/mem",
                "/etc/shadow")) {
            handd.bash("ln -sf " + path + " link");
            assertThat(handd.call(Tool.read(Path.of("/workspace/link"))).failure().errno()).as(path).isEqualTo(EACCES);
            assertThat(handd.call(Tool.write(Path.of("/workspace/link"), "x")).failure().errno()).as(path)
                    .isEqualTo(EACCES);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":(){ :|:& };:", "bomb() { bomb | bomb & bomb; }; bomb", "while :; do sleep 600 & done",
                "while :; do setsid sh -c 'sleep 600 & sleep 600 &' & done",
                "python3 -c 'import os\nwhile True:\n try: os.fork()\n except OSError: pass'"})
    void a_fork_bomb_ends_with_its_call_and_the_next_call_works(String bomb) {
        handd.call(Tool.bash(bomb, BOMB_MS)).bash();
        // A bomb may have left its call early, and still hold every process there is.
        assertThat(handd.call(Tool.bash("sleep 0.1; echo here", BOMB_MS)).bash().exit()).isIn(0, 137);
        handd.call(Tool.newShell()).bash();
        works();
        assertThat(Integer.parseInt(text("ls -d /proc/[0-9]* | wc -l").strip())).isLessThan(8);
    }

    @Test
    void a_bomb_in_the_background_is_ended_by_a_new_shell() {
        handd.call(Tool.bash("(while :; do setsid sh -c 'sleep 600 & sleep 600 &' & done) & sleep 0.3", BOMB_MS));
        assertThat(handd.call(Tool.newShell("echo new")).bash().text()).isEqualTo("new\n");
        works();
    }

    @Test
    void processes_that_leave_no_room_for_a_later_call_end_with_its_time() {
        handd.bash("(while :; do setsid sleep 600 & done) 2>/dev/null & "
                + "p=(); until [ ${#p[@]} -ge " + (PIDS - 1) + " ]; do p=(/proc/[0-9]*); done");
        assertThat(handd.call(Tool.bash("/bin/true", BOMB_MS)).bash().flags() & Answer.TIMED_OUT).isNotZero();
        works();
        assertThat(handd.call(Tool.bash("/bin/true | /bin/true", BOMB_MS)).bash().exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "kill -9 1|0", "kill -9 -1; echo $?|0", "kill -TERM -1|0", "kill -STOP -1|0", "kill -STOP 1|0",
                "python3 -c 'import os; os.kill(-1, 9)'|137"})
    void it_cannot_be_killed_and_neither_can_its_service_be_cut_off(String command, int exit) {
        var answer = handd.call(Tool.bash(command, BOMB_MS)).bash();
        assertThat(answer.exit()).isIn(exit, 1, 137, 143);
        works();
    }

    @Test
    void too_much_memory_costs_a_command_and_at_most_the_shell() {
        assertThat(handd.bash("python3 -c 'x = bytearray(10**9)'").exit()).isEqualTo(137);
        works();
        var inTheShell = handd.call(Tool.bash("x=$(head -c 900000000 /dev/zero | tr '\\0' a)", 60_000)).bash();
        assertThat(inTheShell.exit()).isNotZero();
        works();
    }

    @Test
    void a_full_disk_is_an_error_and_no_more() {
        assertThat(
                text("head -c 99000000 /dev/zero > /tmp/big; head -c 99000000 /dev/zero > /workspace/big; echo > /big"))
                .contains("No space left on device", "Read-only file system");
        assertThat(handd.call(Tool.write(Path.of("/workspace/f"), "x".repeat(1 << 20))).failure().message())
                .isEqualTo("/workspace/f: no space is left");
        assertThat(handd.call(Tool.write(Path.of("/f"), "x")).failure().message()).contains("read-only");
        assertThat(text("rm /workspace/big; ls -A /workspace")).isEmpty();
        works();
    }

    @Test
    void a_full_run_directory_is_cleared() {
        text("head -c 99000000 /dev/zero > /run/hands/big; mkdir /run/hands/d");
        works();
        assertThat(text("cat > /run/hands/x; seq 300000").length()).isEqualTo(102_400);
        text("for i in $(seq 5000); do ln -s x /run/hands/link$i; done");
        works();
    }

    @Test
    void outputs_do_not_fill_the_run_directory() {
        for (int i = 0; i < 6; i++) {
            var answer = handd.bash("head -c 30000000 /dev/zero");
            assertThat(answer.flags()).isEqualTo(Answer.CUT);
            assertThat(answer.total()).isEqualTo(30_000_000);
        }
        assertThat(text("yes & for i in $(seq 50); do (while :; do echo noise; done) & done")).isNotNull();
        assertThat(Integer.parseInt(text("df --output=used /run/hands | tail -1").strip())).isLessThan(33_000);
        works();
    }

    @Test
    void descriptors_run_out_for_the_command_only() {
        assertThat(
                text("python3 -c 'import os\nn = 0\ntry:\n  while True: os.dup(0); n += 1\nexcept OSError: print(n)'"))
                .isEqualTo("4093\n");
        works();
    }

    @Test
    void orphans_are_reaped() {
        assertThat(text("for i in $(seq 100); do (sleep 0.01 &); done; "
                + "while grep -q '^State:.Z' /proc/[0-9]*/status 2>/dev/null; do sleep 0.1; done; echo none left"))
                .isEqualTo("none left\n");
    }

    @Test
    void the_sockets_directory_is_not_the_sandboxs_to_change() {
        assertThat(text("ln -s /x /.hands/s/link; rm -f /.hands/s/hand; mv /.hands/s/hand /tmp; echo > /.hands/handd")
                .lines())
                .hasSize(4)
                .allMatch(line -> line.contains("Read-only file system"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "172.17.0.1", "8.8.8.8", "::1:2"})
    void there_is_no_network(String host) {
        assertThat(
                text("python3 -c 'import socket; socket.create_connection((\"" + host + "\", 80), 5)' 2>&1 | tail -1"))
                .containsAnyOf("Network is unreachable", "Cannot assign requested address");
    }

    @Test
    void names_are_not_resolved_and_setuid_programs_give_nothing() {
        assertThat(text("getent hosts example.com; echo $?")).isEqualTo("2\n");
        assertThat(text("find / -xdev -perm -4000 -type f 2>/dev/null | head -1; su -c id 2>&1 | tail -1"))
                .doesNotContain("uid=0");
        assertThat(handd.bash("unshare --user true").exit()).isNotZero();
    }

    @Test
    void it_ends_with_its_service() {
        handd.bash("sleep 600 &");
        handd.process().destroy();
        assertThat(handd.awaitExit()).isZero();
    }
}
