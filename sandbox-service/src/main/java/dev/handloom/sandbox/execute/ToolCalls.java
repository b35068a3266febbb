package dev.handloom.sandbox.execute;

import dev.handloom.api.Json;
import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.kit.FailPoint;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.NotBegun;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import dev.handloom.sandbox.hands.ToolInput;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes tool calls, each to be run once by its session's hand, and reports what came of them to the session. A call is
 * accepted at once; a repeated command for a call under way changes nothing, because that call will report.
 */
@Component
class ToolCalls {
    private static final Logger log = LoggerFactory.getLogger(ToolCalls.class);
    private static final String UNKNOWN = "outcome unknown: the platform was restarted while this call was under way, "
            + "and it may or may not have run. Look at the state of things before you repeat it.";
    private static final String BROKEN = "outcome unknown: the platform failed at this call, which may or may not have "
            + "run. Look at the state of things before you repeat it.";
    /** Calls at once, of all sessions together. */
    private static final int CALLS_MAX = 4096;
    /** Calls remembered to be cancelled, in case the command to run one comes after that. */
    private static final int CANCELLED_MAX = 4096;
    private static final String FRESH = "[The earlier sandbox is gone. This is a fresh one: files and shell state of "
            + "earlier calls are lost.]\n";

    private final Roster roster;
    private final CommandGateway commands;
    private final Map<String, Thread> underWay = new ConcurrentHashMap<>();
    private final Recent<String> cancelled = new Recent<>(CANCELLED_MAX);
    private final ThreadFactory threads = Thread.ofVirtual().name("tool-", 0).factory();
    /** A tool has had its effect: its result waits until the log takes it, however long the disk is full. */
    private final Retry recording = Retry.of("record-tool", RetryConfig.custom()
            .maxAttempts(Integer.MAX_VALUE)
            .intervalFunction(IntervalFunction.ofExponentialBackoff(
                    Duration.ofMillis(50), 1.5, Duration.ofSeconds(5)))
            .ignoreExceptions(AggregateNotFoundException.class, CommandExecutionException.class)
            .build());

    ToolCalls(Roster roster, CommandGateway commands) {
        this.roster = roster;
        this.commands = commands;
    }

    @CommandHandler
    void handle(SandboxCommand.ExecuteTool command) {
        if (cancelled.has(command.toolUseId())) {
            return;
        }
        var thread = threads.newThread(() -> run(command));
        if (underWay.putIfAbsent(command.toolUseId(), thread) == null) {
            thread.start();
        }
    }

    /** Whether the call still waits for its hand or runs in it, it ends, and nothing is reported. */
    @CommandHandler
    void handle(SandboxCommand.CancelTool command) {
        cancelled.add(command.toolUseId());
        var thread = underWay.get(command.toolUseId());
        if (thread != null) {
            thread.interrupt();
        }
        roster.existing(command.sessionId()).ifPresent(hand -> hand.cancel(command.toolUseId()));
    }

    @CommandHandler
    void handle(SandboxCommand.ReleaseHand command) {
        roster.release(command.sessionId());
    }

    private void run(SandboxCommand.ExecuteTool command) {
        try {
            var result = result(command);
            FailPoint.RESULT.pass();
            report(command, result);
            FailPoint.RECORDED.pass();
            roster.existing(command.sessionId()).ifPresent(hand -> hand.forget(command.toolUseId()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (AggregateNotFoundException | CommandExecutionException gone) {
            log.info("tool result not wanted: {} of {}: {}", command.toolUseId(), command.sessionId(),
                    gone.getMessage());
        } catch (RuntimeException failed) {
            if (cancelled.has(command.toolUseId())) {
                log.info("tool result not wanted: {} of {}: {}", command.toolUseId(), command.sessionId(),
                        failed.toString());
            } else {
                log.error("tool call failed: {} of {}", command.toolUseId(), command.sessionId(), failed);
            }
        } finally {
            underWay.remove(command.toolUseId());
        }
    }

    /** Whatever happens, there is a result: a call without one would keep its session waiting for ever. */
    private ToolResult result(SandboxCommand.ExecuteTool command) throws InterruptedException {
        try {
            if (underWay.size() > CALLS_MAX) {
                return new ToolResult(
                        "There are " + CALLS_MAX + " calls under way on this platform already; this one was "
                                + "not begun.",
                        true);
            }
            // What does not fit its tool needs no hand.
            var call = new ToolCall(command.toolUseId(), ToolInput.of(command.name(), command.input()));
            return command.startedBefore() ? found(command, call) : executed(command, call);
        } catch (ToolInput.Unfit unfit) {
            return new ToolResult(command.name() + ": " + unfit.getMessage(), true);
        } catch (RuntimeException failed) {
            log.error("tool call failed: {} of {}", command.toolUseId(), command.sessionId(), failed);
            return new ToolResult(BROKEN, true);
        }
    }

    private ToolResult executed(SandboxCommand.ExecuteTool command, ToolCall call) throws InterruptedException {
        try {
            return inHand(command, call);
        } catch (NotBegun gone) {
            log.info("hand of {} was gone before a call reached it: {}", command.sessionId(), gone.getMessage());
        } catch (HandDied died) {
            return died(command, died);
        }
        try {
            return inHand(command, call);
        } catch (HandDied died) {
            return died(command, died);
        }
    }

    private ToolResult inHand(SandboxCommand.ExecuteTool command, ToolCall call) throws HandDied, InterruptedException {
        Roster.Held held;
        try {
            held = roster.hand(new Recipe(command.sessionId(), command.environmentId()));
        } catch (HandDied none) {
            log.warn("no hand for {}: {}", command.sessionId(), none.getMessage());
            return new ToolResult("The sandbox could not be started: " + none.getMessage(), true);
        }
        FailPoint.DISPATCH.pass();
        var result = held.hand().execute(call);
        return held.fresh() ? new ToolResult(FRESH + result.text(), result.isError()) : result;
    }

    private static ToolResult died(SandboxCommand.ExecuteTool command, HandDied died) {
        log.warn("hand died: {}: {}", command.sessionId(), died.getMessage());
        return new ToolResult(
                "The sandbox died during this call (" + died.getMessage() + "). The call may or may not have "
                        + "had its effect. The next call gets a fresh sandbox; files of this one may be lost.",
                true);
    }

    /** What an earlier process began is never begun again: either its result is still to be had, or nobody knows. */
    private ToolResult found(SandboxCommand.ExecuteTool command, ToolCall call) throws InterruptedException {
        var hand = roster.existing(command.sessionId());
        try {
            if (hand.isPresent()) {
                var result = hand.get().attach(call);
                if (result.isPresent()) {
                    return result.get();
                }
            }
        } catch (HandDied died) {
            log.warn("hand died: {}: {}", command.sessionId(), died.getMessage());
        }
        return new ToolResult(UNKNOWN, true);
    }

    private void report(SandboxCommand.ExecuteTool command, ToolResult result) {
        var content = JsonMapper.shared().createArrayNode();
        content.addObject().put("type", "text").put("text", result.text().isEmpty() ? "(no output)" : result.text());
        var recorded = new SessionCommand.RecordToolResult(command.sessionId(), command.toolUseId(),
                new Json(content.toString()), result.isError());
        recording.executeRunnable(() -> commands.sendAndWait(recorded));
    }
}
