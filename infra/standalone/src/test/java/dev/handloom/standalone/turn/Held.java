package dev.handloom.standalone.turn;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** An answer that waits until the test lets it go. */
final class Held implements ModelServer.Answer {
    private final ModelServer.Answer answer;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();

    Held(ModelServer.Answer answer) {
        this.answer = answer;
    }

    @Override
    public void to(ModelServer.Connection connection) throws IOException, InterruptedException {
        begun.complete(null);
        released.join();
        answer.to(connection);
    }

    void awaitBegun() {
        Hang.await(begun, "the request never came");
    }

    void release() {
        released.complete(null);
    }
}
