package dev.handloom.harness.turn;

import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionId;
import dev.handloom.harness.context.Contexts;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Does the steps: each on a virtual thread of its own, under the lease of its row. A step that failed for reasons of the
 * platform keeps its row, and is tried again when the lease has run out.
 */
@Component
class Worker implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    /** How often leases are renewed and due rows looked for. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final Ledger ledger;
    private final ModelCall model;
    private final Contexts contexts;
    private final CommandGateway commands;
    private final Map<String, Doing> doing = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("step-", 0).factory());
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("step-watch").factory());
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);
    private volatile boolean running;

    Worker(Ledger ledger, ModelCall model, Contexts contexts, CommandGateway commands) {
        this.ledger = ledger;
        this.model = model;
        this.contexts = contexts;
        this.commands = commands;
        ledger.tell(this::begin, this::finish);
    }

    /** A step under way. Once it records what came out, it is no longer to be stopped. */
    static final class Doing {
        private final Thread thread;
        private boolean recording;

        Doing(Thread thread) {
            this.thread = thread;
        }

        synchronized void record() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            recording = true;
        }

        synchronized void stop() {
            if (!recording) {
                thread.interrupt();
            }
        }
    }

    private void begin(Ledger.Work work) {
        if (running) {
            threads.execute(() -> run(work));
        }
    }

    private void run(Ledger.Work work) {
        var me = new Doing(Thread.currentThread());
        if (doing.putIfAbsent(work.step().id(), me) != null) {
            return;
        }
        try {
            switch (work.step()) {
                case Step.AskModel(var requestId) -> model.make(work.session(), requestId, me);
                case Step.RunTool(var toolUseId) -> runTool(work.session(), toolUseId);
                case Step.RetryModel(var id, var requestId, var _) -> {
                    commands.sendAndWait(new SessionCommand.RetryModel(work.session(), requestId));
                    ledger.remove(id);
                }
                case Step.CancelTool(var id, var toolUseId) -> {
                    commands.sendAndWait(new SandboxCommand.CancelTool(work.session(), toolUseId));
                    ledger.remove(id);
                }
                case Step.ReleaseHand(var id) -> {
                    commands.sendAndWait(new SandboxCommand.ReleaseHand(work.session()));
                    ledger.remove(id);
                }
            }
        } catch (InterruptedException stopped) {
            log.info("step stopped: {} of {}", work.step().id(), work.session());
        } catch (RuntimeException failed) {
            log.error("step failed and will be tried again: {} of {}", work.step().id(), work.session(), failed);
            ledger.giveBack(work.step().id(), TRY_AGAIN_AFTER);
        } finally {
            doing.remove(work.step().id());
        }
    }

    /** Intent stands in the log; so does the start, before anything is sent. The hands report to the session. */
    private void runTool(SessionId session, String toolUseId) {
        ToolStart start = commands.sendAndWait(new SessionCommand.StartTool(session, toolUseId));
        if (start == ToolStart.DONE) {
            ledger.remove(toolUseId);
            return;
        }
        var context = contexts.of(session);
        var call = context.openCall(toolUseId);
        if (call != null) {
            commands.sendAndWait(new SandboxCommand.ExecuteTool(session, context.environmentId(), toolUseId,
                    call.name(), call.input(), start == ToolStart.STARTED_BEFORE));
        }
    }

    /** The log says that the step is over; if it still runs here, it must stop. */
    private void finish(String id) {
        var mine = doing.get(id);
        if (mine != null) {
            mine.stop();
        }
    }

    private void look() {
        try {
            ledger.renew();
            ledger.takeOver().forEach(this::begin);
        } catch (RuntimeException failed) {
            log.warn("could not look for due steps: {}", failed.toString());
        }
    }

    @Override
    public void start() {
        running = true;
        ledger.forgetLeases();
        var _ = watch.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        running = false;
        watch.shutdownNow();
        doing.values().forEach(Doing::stop);
        threads.shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
