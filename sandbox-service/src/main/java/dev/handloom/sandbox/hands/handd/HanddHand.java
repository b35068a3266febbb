package dev.handloom.sandbox.hands.handd;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.HandsSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hand of one session, whose tools are run by the handd of its sandbox. */
final class HanddHand implements Hand {
    private static final Logger log = LoggerFactory.getLogger(HanddHand.class);
    /** Calls in one hand at once; handd lets as many wait for the shell. */
    private static final int CALLS_MAX = 64;
    /** The longest call, in bytes of its frame: what a model writes is far shorter. */
    private static final int CALL_BYTES_MAX = 8 << 20;
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration END_WITHIN = Duration.ofSeconds(20);
    private static final ThreadFactory THREADS = Thread.ofVirtual().name("hand-", 0).factory();

    private final SessionId session;
    private final HandsSettings settings;
    private final Patience patience;
    private final HandFolder folder;
    private final Line line;
    private final Sandbox sandbox;
    private final Conversation conversation;
    private final Consumer<HanddHand> whenOver;
    private final Semaphore calls = new Semaphore(CALLS_MAX);
    private final AtomicBoolean over = new AtomicBoolean();
    private final ReentrantLock removal = new ReentrantLock();
    private boolean removed;

    /** @param whenOver told once, when the hand is dead, destroyed or left */
    HanddHand(
            SessionId session,
            HandsSettings settings,
            Patience patience,
            HandFolder folder,
            Line line,
            Sandbox sandbox,
            Consumer<HanddHand> whenOver
    ) {
        this.session = session;
        this.settings = settings;
        this.patience = patience;
        this.folder = folder;
        this.line = line;
        this.sandbox = sandbox;
        this.whenOver = whenOver;
        this.conversation = new Conversation(line, patience, this::die);
    }

    /**
     * Waits for handd's hello.
     *
     * @throws HandDied when the sandbox ended, or was silent, before it
     */
    void ready(Duration within) throws HandDied, InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        while (line.connection(LOOK_EVERY) == null) {
            if (!sandbox.alive()) {
                var words = sandbox.lastWords();
                throw new HandDied("the sandbox ended as it started" + (words.isEmpty() ? "" : ": " + words));
            }
            if (line.closed()) {
                throw new HandDied("it was given up as it started");
            }
            if (System.nanoTime() > until) {
                throw new HandDied("the sandbox started, but nothing in it called back within "
                        + Output.seconds(within));
            }
        }
        line.whenLost(proof -> THREADS.newThread(() -> proof.ifPresentOrElse(this::dieOf, this::watch)).start());
    }

    @Override
    public SessionId session() {
        return session;
    }

    @Override
    public ToolResult execute(ToolCall call) throws HandDied, InterruptedException {
        var tool = Call.of(call.input(), settings);
        var payload = new Payload().str(call.toolUseId()).all(tool.fields());
        if (payload.size() > CALL_BYTES_MAX) {
            return new ToolResult(tool.name() + ": the call is longer than " + Output.number(CALL_BYTES_MAX)
                    + " bytes", true);
        }
        if (!calls.tryAcquire()) {
            return new ToolResult("There are " + CALLS_MAX
                    + " calls under way in this sandbox already; this one was not begun.", true);
        }
        return answered(call, tool, payload)
                .orElseGet(() -> new ToolResult("The connection to the sandbox broke as this call was sent, and the "
                        + "sandbox knows nothing of it. Most likely it did not run.", true));
    }

    @Override
    public Optional<ToolResult> attach(ToolCall call) throws HandDied, InterruptedException {
        calls.acquire();
        return answered(call, Call.of(call.input(), settings), null);
    }

    /**
     * Gives its place among the calls back.
     *
     * @param payload null to attach only
     */
    private Optional<ToolResult> answered(ToolCall call, Call tool, @Nullable Payload payload)
            throws HandDied, InterruptedException {
        try {
            var answer = conversation.answer(call.toolUseId(), payload, tool.within(), tool instanceof BashCall);
            return switch (Status.of(answer.kind())) {
                case DONE -> Optional.of(tool.result(new Fields(answer.payload())));
                case FAILED -> {
                    var fields = new Fields(answer.payload());
                    yield Optional.of(tool.failed(fields.i32(), fields.str()));
                }
                case UNKNOWN_CALL -> Optional.empty();
                // What a model wrote can be beyond a limit of handd's that we do not know.
                case SENSELESS -> Optional.of(tool.failed(0, "the sandbox does not take this call: "
                        + new Fields(answer.payload()).str()));
            };
        } catch (BadFrame nonsense) {
            throw new HandDied(dieOf(nonsense));
        } catch (InterruptedException stopped) {
            cancel(call.toolUseId());
            throw stopped;
        } finally {
            calls.release();
        }
    }

    @Override
    public void forget(String toolUseId) {
        conversation.tell(Ask.FORGET, toolUseId);
    }

    @Override
    public void cancel(String toolUseId) {
        conversation.tell(Ask.CANCEL, toolUseId);
    }

    @Override
    public boolean alive() {
        return !over.get();
    }

    @Override
    public void destroy(Duration timeout) {
        over("the sandbox was destroyed");
        remove(timeout);
    }

    /** Closes the line and lets the sandbox live, so that the next process can adopt it. */
    void leave() {
        if (over.compareAndSet(false, true)) {
            line.close();
            whenOver.accept(this);
        }
    }

    /** What the sandbox leaves behind can be removed, whether it ended by itself or was hung. */
    private void die(String why) {
        if (over(why)) {
            log.warn("hand of {} is dead: {}", session, why);
            THREADS.newThread(() -> remove(END_WITHIN)).start();
        }
    }

    private String dieOf(BadFrame nonsense) {
        var why = "its handd does not keep to the protocol: " + nonsense.getMessage();
        die(why);
        return why;
    }

    private boolean over(String why) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        conversation.end(why);
        line.close();
        whenOver.accept(this);
        return true;
    }

    private void remove(Duration within) {
        removal.lock();
        try {
            if (removed) {
                return;
            }
            removed = sandbox.end(within);
            if (removed) {
                folder.delete();
            } else {
                log.warn("the sandbox of {} could not be removed within {}; it ends by itself after {}", session,
                        within,
                        settings.orphanTimeout());
            }
        } finally {
            removal.unlock();
        }
    }

    /** The connection is gone: either the sandbox is, or handd will dial again. */
    private void watch() {
        long until = System.nanoTime() + patience.lost().toNanos();
        try {
            while (alive()) {
                if (!sandbox.alive()) {
                    die("it ended");
                } else if (System.nanoTime() > until) {
                    die("it lost its connection " + Output.seconds(patience.lost()) + " ago");
                } else if (line.connection(LOOK_EVERY) != null) {
                    return;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
