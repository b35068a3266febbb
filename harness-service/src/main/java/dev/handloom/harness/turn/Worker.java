package dev.handloom.harness.turn;

import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionId;
import dev.handloom.harness.context.Contexts;
import dev.handloom.kit.FailPoint;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
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
    /** How often the hands are reminded of a call that has no result yet, in case they could not report it. */
    private static final Duration REMIND_EVERY = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final ModelCall model;
    private final Contexts contexts;
    private final CommandGateway commands;
    private final Map<Ledger.Key, Doing> doing = new ConcurrentHashMap<>();
    /** Steps that failed together with the store of their rows. Left as they are, their leases would be renewed for ever. */
    private final Set<Ledger.Key> unsettled = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("step-", 0).factory());
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("step-watch").factory());
    private volatile boolean running;

    Worker(Ledger ledger, ModelCall model, Contexts contexts, CommandGateway commands) {
        this.ledger = ledger;
        this.model = model;
        this.contexts = contexts;
        this.commands = commands;
        ledger.tell(this::begin, this::finish);
    }

    /** A step under way. Only asking the model can be stopped, and only until its answer is being recorded. */
    static final class Doing {
        private final Thread thread = Thread.currentThread();
        private boolean stoppable;
        private boolean over;

        private Doing(Step step) {
            stoppable = step instanceof Step.AskModel;
        }

        synchronized void record() throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            stoppable = false;
        }

        /** Does something to its end; when the step was ended meanwhile, it stops here. */
        void whole(Runnable work) throws InterruptedException {
            record();
            work.run();
            synchronized (this) {
                if (over) {
                    throw new InterruptedException();
                }
                stoppable = true;
            }
        }

        /** The log waits no more for what comes out. */
        private synchronized void end() {
            over = true;
            stop();
        }

        private synchronized void stop() {
            if (stoppable) {
                thread.interrupt();
            }
        }

        synchronized boolean over() {
            return over;
        }
    }

    private void begin(Ledger.Work work) {
        if (running) {
            threads.execute(() -> run(work));
        }
    }

    private void run(Ledger.Work work) {
        var me = new Doing(work.step());
        if (doing.putIfAbsent(work.key(), me) != null) {
            return;
        }
        try {
            FailPoint.LEASE.pass();
            carryOut(work.session(), work.step(), me);
        } catch (InterruptedException _) {
            log.info("step stopped: {} of {}", work.step().id(), work.session());
        } catch (RuntimeException | Error failed) {
            settle(work, me, failed);
        } finally {
            doing.remove(work.key());
        }
    }

    private void settle(Ledger.Work work, Doing me, Throwable failure) {
        var id = work.step().id();
        try {
            if (isRefusal(failure)) {
                log.info("step not wanted: {} of {}: {}", id, work.session(), failure.getMessage());
                ledger.remove(work.key());
            } else if (me.over()) {
                log.info("step stopped: {} of {}: {}", id, work.session(), failure.toString());
            } else {
                log.error("step failed and will be tried again: {} of {}", id, work.session(), failure);
                ledger.giveBack(work.key());
            }
        } catch (RuntimeException storeFailed) {
            log.warn("the row of step {} cannot be changed for now: {}", id, storeFailed.toString());
            unsettled.add(work.key());
        }
    }

    /** The session said no, or is gone: trying again would change nothing. */
    static boolean isRefusal(Throwable failure) {
        return failure instanceof AggregateNotFoundException
                || (failure instanceof CommandExecutionException refused && refused.getDetails().isPresent());
    }

    private void carryOut(SessionId session, Step step, Doing me) throws InterruptedException {
        switch (step) {
            case Step.AskModel(var requestId) -> model.make(session, requestId, me);
            case Step.RunTool(var toolUseId) -> runTool(session, toolUseId);
            case Step.RetryModel(var id, var requestId, var _) -> {
                commands.sendAndWait(new SessionCommand.RetryModel(session, requestId));
                ledger.remove(new Ledger.Key(session, id));
            }
            case Step.CancelTool(var id, var toolUseId) -> {
                commands.sendAndWait(new SandboxCommand.CancelTool(session, toolUseId));
                ledger.remove(new Ledger.Key(session, id));
            }
            case Step.ReleaseHand(var id) -> {
                contexts.forget(session);
                commands.sendAndWait(new SandboxCommand.ReleaseHand(session));
                ledger.remove(new Ledger.Key(session, id));
            }
        }
    }

    /** Intent stands in the log; so does the start, before anything is sent. The hands report to the session. */
    private void runTool(SessionId session, String toolUseId) {
        ToolStart start = commands.sendAndWait(new SessionCommand.StartTool(session, toolUseId));
        if (start == ToolStart.DONE) {
            ledger.remove(new Ledger.Key(session, toolUseId));
            return;
        }
        FailPoint.TOOL_STARTED.pass();
        var execute = execution(session, toolUseId, start == ToolStart.STARTED_BEFORE);
        if (execute != null) {
            commands.sendAndWait(execute);
            ledger.leave(new Ledger.Key(session, toolUseId), REMIND_EVERY);
        }
    }

    /** Null when the call was answered in the meantime. */
    private SandboxCommand.@Nullable ExecuteTool execution(SessionId session, String toolUseId, boolean startedBefore) {
        var context = contexts.of(session);
        synchronized (context) {
            var call = context.openCall(toolUseId);
            return call == null
                    ? null
                    : new SandboxCommand.ExecuteTool(session, context.environmentId(), toolUseId, call.name(),
                            call.input(), startedBefore);
        }
    }

    /** The log says that the step is over; if it still runs here, it must stop. */
    private void finish(Ledger.Key key) {
        var mine = doing.get(key);
        if (mine != null) {
            mine.end();
        }
    }

    private void look() {
        try {
            unsettled.removeIf(key -> {
                ledger.giveBack(key);
                return true;
            });
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
