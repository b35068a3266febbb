package dev.handloom.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The places in a turn where it matters most that the process may die there: load-tests/crash-matrix kills it at each of
 * them. They do nothing unless {@code HANDLOOM_FAIL_POINTS} names a file. While that file says {@code LEASE 3}, the third
 * thread to come to {@link #LEASE} kills the process with SIGKILL and goes no further.
 */
public enum FailPoint {
    /** What a client sent has been read; nothing was decided. */
    ACCEPT,
    /** Events have been decided; nothing is on the disk. */
    APPEND,
    /** Events are on the disk; nobody has been told, not even who wrote them. */
    PUBLISH,
    /** A step's row is on the disk under this process's lease; it was not begun. */
    LEASE,
    /** A model request is to be made; the log has not been read for it. */
    VIEW,
    /** The request is made up; it has not left. */
    REQUEST,
    /** Part of the answer is here. */
    STREAM,
    /** The whole answer is here; nothing of it is in the log. */
    ANSWER,
    /** That a tool call is about to start is in the log; the hands have not heard of it. */
    TOOL_STARTED,
    /** The call is with its hand's side; it has not been sent to the hand. */
    DISPATCH,
    /** The call has been sent to the hand. */
    RUNNING,
    /** Its result is here; it is not in the log. */
    RESULT,
    /** Its result is in the log; the hand still keeps it. */
    RECORDED;

    private static final @Nullable Path ARMED = armed();

    private static final ConcurrentMap<FailPoint, Integer> PASSES = new ConcurrentHashMap<>();

    private static @Nullable Path armed() {
        var file = System.getenv("HANDLOOM_FAIL_POINTS");
        return file == null || file.isBlank() ? null : Path.of(file);
    }

    /** Goes on, as a rule. */
    public void pass() {
        if (ARMED != null && isReached(ARMED)) {
            die();
        }
    }

    private boolean isReached(Path armed) {
        try {
            var words = Files.readString(armed).strip().split(" ", 2);
            return words.length == 2 && words[0].equals(name())
                    && PASSES.merge(this, 1, Integer::sum) >= Integer.parseInt(words[1]);
        } catch (IOException disarmed) {
            return false;
        }
    }

    private static void die() {
        try {
            new ProcessBuilder("kill", "-9", String.valueOf(ProcessHandle.current().pid())).start();
        } catch (IOException noKill) {
            Runtime.getRuntime().halt(1);
        }
        while (true) {
            LockSupport.park();
        }
    }
}
