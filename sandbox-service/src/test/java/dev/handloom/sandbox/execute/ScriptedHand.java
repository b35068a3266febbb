package dev.handloom.sandbox.execute;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** A hand that repeats bash commands as their output, unless a command says what else happens. */
final class ScriptedHand implements Hand {
    /** Waits until it is cancelled or let go. */
    static final String WAIT = "wait";
    /** Dies in the middle. */
    static final String DIE = "die";
    /** Breaks. */
    static final String BREAK = "break";

    final List<String> ran = new CopyOnWriteArrayList<>();
    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final List<String> forgotten = new CopyOnWriteArrayList<>();
    final Map<String, String> known = new ConcurrentHashMap<>();
    final CountDownLatch waiting = new CountDownLatch(1);
    final CompletableFuture<Void> letGo = new CompletableFuture<>();
    final CompletableFuture<Void> destroyed = new CompletableFuture<>();
    private final SessionId session;
    volatile boolean alive = true;
    /** It is dead, but only the next call finds that out. */
    volatile boolean gone;

    ScriptedHand(SessionId session) {
        this.session = session;
    }

    @Override
    public SessionId session() {
        return session;
    }

    @Override
    public ToolResult execute(ToolCall call) throws HandDied, InterruptedException {
        var command = String.valueOf(((ToolInput.Bash) call.input()).command());
        if (gone) {
            alive = false;
            throw new NotBegun("it ended");
        }
        ran.add(call.toolUseId());
        if (command.equals(WAIT)) {
            waiting.countDown();
            try {
                letGo.get();
            } catch (ExecutionException never) {
                throw new AssertionError(never);
            }
        } else if (command.equals(DIE)) {
            alive = false;
            throw new HandDied("it ended");
        } else if (command.equals(BREAK)) {
            throw new IllegalStateException("broken");
        }
        return new ToolResult(command, false);
    }

    @Override
    public Optional<ToolResult> attach(ToolCall call) {
        return Optional.ofNullable(known.get(call.toolUseId())).map(text -> new ToolResult(text, false));
    }

    @Override
    public void forget(String toolUseId) {
        forgotten.add(toolUseId);
    }

    @Override
    public void cancel(String toolUseId) {
        cancelled.add(toolUseId);
    }

    @Override
    public boolean alive() {
        return alive;
    }

    @Override
    public void destroy(Duration timeout) {
        alive = false;
        destroyed.complete(null);
    }
}
