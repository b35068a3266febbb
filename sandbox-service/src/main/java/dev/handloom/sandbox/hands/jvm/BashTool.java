package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bash of one hand: one shell whose state lasts, and one call after the other. A call that does not end when it is
 * told to is ended by force; then the next one has a new shell, in the directory where the old one began that call.
 */
final class BashTool {
    private static final Logger log = LoggerFactory.getLogger(BashTool.class);
    private static final String DESTROYED = "the embedded sandbox was destroyed";
    private static final int WAITING_MAX = 64;
    private static final long STACK_BYTES = 16 << 20;
    private static final Duration THREAD_KEPT = Duration.ofSeconds(30);
    /** How long a call has to end by itself, and each use of force to work. */
    private static final Duration GRACE = Duration.ofMillis(250);
    private static final int FORCE_MAX = 20;
    private static final Pattern ANSI = Pattern.compile(
            "\\x1B(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1B]*(?:\\x07|\\x1B\\\\)|[@-Z\\\\-_])");

    private final VirtualFiles files;
    private final HandsSettings settings;
    private final Runnable lost;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, THREAD_KEPT.toSeconds(), TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX), BashTool::thread);
    private volatile @Nullable Shell shell;
    private String directory = ToolInput.WORKSPACE;
    private int outputsKept;

    /** @param lost told when the shell can neither be used nor ended any more */
    BashTool(VirtualFiles files, HandsSettings settings, Runnable lost) {
        this.files = files;
        this.settings = settings;
        this.lost = lost;
        thread.allowCoreThreadTimeOut(true);
        thread.execute(this::openAhead);
    }

    /** Of the platform's, for the interpreter needs a deep stack. */
    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("jvm-hand").stackSize(STACK_BYTES).unstarted(work);
    }

    private void openAhead() {
        try {
            shell();
        } catch (RuntimeException failed) {
            log.warn("embedded shell not opened: the next call tries again", failed);
        }
    }

    private Shell shell() {
        var open = shell;
        if (open == null) {
            open = Shell.open(new Doors(files), directory);
            shell = open;
        }
        return open;
    }

    /** Runs it when those before it have ended. */
    void begin(ToolInput.Bash input, Call call) {
        try {
            thread.execute(() -> serve(input, call));
        } catch (RejectedExecutionException _) {
            if (thread.isShutdown()) {
                call.fail(DESTROYED);
            }
            call.finish(new ToolResult("bash: " + WAITING_MAX + " calls are waiting already", true));
        }
    }

    private void serve(ToolInput.Bash input, Call call) {
        call.begin();
        if (call.isDone()) {
            return;
        }
        try {
            call.finish(run(input, call));
        } catch (InterruptedException _) {
            call.fail(DESTROYED);
        } catch (RuntimeException | Error broken) {
            log.warn("embedded shell broken", broken);
            discard();
            call.fail("its shell broke: " + broken);
        }
    }

    private ToolResult run(ToolInput.Bash input, Call call) throws InterruptedException {
        if (input.restart()) {
            discard();
            directory = ToolInput.WORKSPACE;
        }
        if (input.command() == null) {
            return new ToolResult("bash session restarted", false);
        }
        var used = shell();
        if (call.stop().isUp()) {
            return Call.CANCELLED;
        }
        var timeout = settings.timeoutOf(input);
        var guard = Thread.ofVirtual().name("jvm-hand-guard").start(() -> guard(used, call, timeout));
        try (var _ = HeapGuard.watch(call.stop())) {
            var outcome = used.run(input.command(), call.stop());
            directory = outcome.directory();
            return answer(outcome, why(call, timeout));
        } catch (Shell.Lost lost) {
            discard();
            var why = why(call, timeout);
            return new ToolResult("[" + (why.isEmpty() ? "the embedded shell broke: " + lost.getMessage() : why)
                    + "; the next call gets a new one: files are kept, variables are not]", true);
        } finally {
            guard.interrupt();
        }
    }

    /** Sees to it that the call ends when it is stopped or its time is up. */
    private void guard(Shell used, Call call, Duration timeout) {
        try {
            call.stop().await(timeout);
            call.stop().raise(StopSign.Why.TIMED_OUT);
            for (int forced = 0; forced < FORCE_MAX; forced++) {
                Thread.sleep(GRACE);
                used.interrupt(call.stop());
            }
            log.error("embedded shell cannot be stopped, hand given up");
            lost.run();
        } catch (InterruptedException _) {
            // The call has ended.
        }
    }

    /** Why the call was stopped; empty if it was not. */
    private static String why(Call call, Duration timeout) {
        return switch (call.stop().why()) {
            case null -> "";
            case TIMED_OUT -> "timed out after " + timeout.toMillis() + " ms";
            case CANCELLED -> "cancelled";
            case OUT_OF_MEMORY -> "stopped, because it used up the memory";
        };
    }

    private ToolResult answer(Shell.Outcome outcome, String why) {
        var tail = new Tail().add(outcome.output());
        var text = ANSI.matcher(tail.text()).replaceAll("");
        if (tail.isCut()) {
            text = "[the end of " + tail.bytes() + " bytes of output" + keep(outcome.output()) + "]\n" + text;
        }
        if (!why.isEmpty()) {
            return new ToolResult(text + (text.isEmpty() || text.endsWith("\n") ? "[" : "\n[") + why + "]", true);
        }
        return new ToolResult(outcome.exit() != 0 && text.isEmpty() ? "exit " + outcome.exit() : text,
                outcome.exit() != 0);
    }

    /** Where the whole output is, if there was room for it. */
    private String keep(String output) {
        try {
            var route = Route.of("/tmp/bash-output-" + ++outputsKept + ".txt");
            files.makeFolder(route.parent(), true);
            files.write(route, output.getBytes(StandardCharsets.UTF_8), false);
            return "; all of it is in " + route;
        } catch (FileRefused _) {
            return "";
        }
    }

    private void discard() {
        var old = shell;
        shell = null;
        if (old != null) {
            old.close();
        }
    }

    /** Ends what runs, by force, and drops what waits. */
    void close(Duration timeout) throws InterruptedException {
        thread.shutdownNow();
        Thread.ofVirtual().start(this::discard).join(timeout);
        if (thread.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            discard();
        }
    }
}
