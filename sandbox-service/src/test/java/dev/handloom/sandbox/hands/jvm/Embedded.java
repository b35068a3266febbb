package dev.handloom.sandbox.hands.jvm;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.HandProvider.Recipe;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** A session's embedded hand, and a model that asks it. */
final class Embedded implements AutoCloseable {
    static final HandsSettings SETTINGS = new HandsSettings("jvm", "none", DataSize.ofGigabytes(1), 1, 256,
            DataSize.ofMegabytes(256), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(10));
    private static final Duration DESTROYED_WITHIN = Duration.ofSeconds(20);

    private final Hand hand;
    private int calls;

    Embedded() {
        try {
            hand = new JvmHands(SETTINGS).provision(new Recipe(new SessionId("sesn_test"), "env_test"));
        } catch (HandDied died) {
            throw new AssertionError(died);
        }
    }

    Hand hand() {
        return hand;
    }

    String nextId() {
        return "toolu_" + ++calls;
    }

    ToolResult ask(ToolInput input) {
        return ask(nextId(), input);
    }

    ToolResult ask(String id, ToolInput input) {
        try {
            return hand.execute(new ToolCall(id, input));
        } catch (HandDied | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** As the model writes it. */
    ToolResult ask(String tool, String input) {
        try {
            return ask(ToolInput.of(tool, new Json(input)));
        } catch (ToolInput.Unfit unfit) {
            throw new AssertionError(unfit);
        }
    }

    CompletableFuture<ToolResult> begin(String id, ToolInput input) {
        return CompletableFuture.supplyAsync(() -> ask(id, input), Executors.newVirtualThreadPerTaskExecutor());
    }

    ToolResult bash(String command) {
        return ask(bash(command, null));
    }

    static ToolInput bash(String command, @Nullable Duration timeout) {
        return new ToolInput.Bash(command, false, timeout);
    }

    @Override
    public void close() {
        hand.destroy(DESTROYED_WITHIN);
    }
}
