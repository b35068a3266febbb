package dev.handloom.standalone.turn;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An answer that begins and then never goes on. Knows when it was asked for, and when the client gave up. */
final class Hang implements ModelServer.Answer {
    private final String beginning;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> hungUp = new CompletableFuture<>();

    Hang(String beginning) {
        this.beginning = beginning;
    }

    @Override
    public void to(ModelServer.Connection connection) throws IOException {
        if (!beginning.isEmpty()) {
            connection.head(200, "text/event-stream");
            connection.piece(beginning);
        }
        begun.complete(null);
        if (connection.hungUpWithin(ModelServer.PATIENCE)) {
            hungUp.complete(null);
        }
    }

    void awaitBegun() {
        await(begun, "the request never came");
    }

    void awaitHungUp() {
        await(hungUp, "the client never hung up");
    }

    static void await(CompletableFuture<Void> fact, String otherwise) {
        try {
            fact.get(ModelServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException late) {
            throw new AssertionError(otherwise, late);
        }
    }
}
