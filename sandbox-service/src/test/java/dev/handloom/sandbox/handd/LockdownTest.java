package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What handd forbids itself and everything in the sandbox, whatever else isolates it. */
@Timeout(120)
class LockdownTest {
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

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(handd.process().pid()), file);
    }

    @Test
    void the_nonce_is_nowhere_in_its_environment_and_in_none_of_a_child() throws IOException {
        assertThat(new String(Files.readAllBytes(proc("environ")), StandardCharsets.UTF_8)).doesNotContain(Handd.NONCE);
        assertThat(handd.bash("cat /proc/$$/environ /proc/self/environ | tr '\\0' '\\n' | grep -c -i nonce").text())
                .isEqualTo("0\n");
    }

    @Test
    void no_privileges_can_be_gained_and_the_filter_is_on() throws IOException {
        assertThat(Files.readString(proc("status"))).contains("NoNewPrivs:\t1", "Seccomp:\t2");
        assertThat(handd.bash("grep -e NoNewPrivs -e Seccomp: /proc/self/status").text())
                .isEqualTo("NoNewPrivs:\t1\nSeccomp:\t2\n");
    }

    @Test
    void a_child_is_the_first_to_go_when_memory_runs_out() {
        assertThat(handd.bash("cat /proc/self/oom_score_adj").text()).isEqualTo("500\n");
        assertThat(handd.call(Tool.exec(handd.workspace(), "cat", "/proc/self/oom_score_adj")).exec().output())
                .isEqualTo("500\n");
    }

    /** By number, and with arguments that do no harm where the call is allowed. */
    @ParameterizedTest
    @CsvSource({
        "socket vsock, 'socket.socket(40, socket.SOCK_STREAM)', 97", "socket packet, 'socket.socket(17, 3)', 97",
        "socket alg, 'socket.socket(38, 5)', 97", "io_uring_setup, 'call(425, 1, 0)', 1",
        "userfaultfd, 'call(323 if x86 else 282, 0)', 1", "bpf, 'call(321 if x86 else 280, 0, 0, 0)', 1",
        "perf_event_open, 'call(298 if x86 else 241, 0, 0, -1, -1, 0)', 1",
        "keyctl, 'call(250 if x86 else 219, 0, 0)', 1", "unshare, 'call(272 if x86 else 97, 0)', 1",
        "unshare user, 'call(272 if x86 else 97, 0x10000000)', 1", "setns, 'call(308 if x86 else 268, -1, 0)', 1",
        "mount, 'call(165 if x86 else 40, 0, 0, 0, 0, 0)', 1", "fsopen, 'call(430, 0, 0)', 1",
        "clone3, 'call(435, 0, 0)', 38", "clone new user, 'call(56 if x86 else 220, 0x10000011, 0, 0, 0, 0)', 1",
        "open_by_handle_at, 'call(304 if x86 else 265, -1, 0, 0)', 1",
        "kexec_load, 'call(246 if x86 else 104, 0, 0, 0, 0)', 1",
        "pidfd_getfd, 'call(438, -1, -1, 0)', 1", "type into a terminal, 'call(16 if x86 else 29, 0, 0x5412, 0)', 1",
        "x32, 'call(0x40000000 + 39)', 38"})
    void a_system_call_is_refused(String name, String call, int errno) throws IOException {
        Handd.skipUnless(Files.isExecutable(Path.of("/usr/bin/python3")),
                "there is no python3 to make system calls with");
        var script = handd.workspace().resolve("probe.py");
        Files.writeString(script, """
                import ctypes, platform, socket
                x86 = platform.machine() == 'x86_64'
                libc = ctypes.CDLL(None, use_errno=True)
                def call(*arguments):
                    if libc.syscall(*(ctypes.c_long(argument) for argument in arguments)) == -1:
                        raise OSError(ctypes.get_errno(), '')
                try:
                    %s
                    print('allowed')
                except OSError as refused:
                    print(refused.errno)
                """.formatted(call));
        assertThat(handd.bash("python3 probe.py").text()).as(name).isEqualTo(errno + "\n");
    }

    @Test
    void ordinary_work_is_not_refused() {
        var answer = handd
                .bash("""
                        set -e
                        python3 - <<'END'
                        import socket, threading, subprocess, multiprocessing
                        for family in socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK:
                            socket.socket(family, socket.SOCK_DGRAM).close()
                        thread = threading.Thread(target=print, args=('thread',)); thread.start(); thread.join()
                        print(subprocess.check_output(['echo', 'process']).decode().strip())
                        END
                        git init -q . && git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && git log --format=%s
                        """);
        assertThat(answer.text()).isEqualTo("thread\nprocess\nx\n");
        assertThat(answer.flags()).isZero();
    }
}
