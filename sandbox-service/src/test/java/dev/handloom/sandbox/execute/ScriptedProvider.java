package dev.handloom.sandbox.execute;

import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Makes scripted hands, at once or when it is let. */
final class ScriptedProvider implements HandProvider {
    final List<ScriptedHand> made = new CopyOnWriteArrayList<>();
    final List<Hand> left = new CopyOnWriteArrayList<>();
    final CountDownLatch making = new CountDownLatch(1);
    private final String name;
    volatile CompletableFuture<Void> mayMake = CompletableFuture.completedFuture(null);
    volatile @Nullable String refusal;
    volatile boolean ready = true;

    ScriptedProvider(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Probe probe() {
        return new Probe(ready, ready ? "it is there" : "it is not there");
    }

    @Override
    public Hand provision(Recipe recipe) throws HandDied, InterruptedException {
        making.countDown();
        try {
            mayMake.get();
        } catch (ExecutionException never) {
            throw new AssertionError(never);
        }
        var why = refusal;
        if (why != null) {
            throw new HandDied(why);
        }
        var hand = new ScriptedHand(recipe.session());
        made.add(hand);
        return hand;
    }

    @Override
    public List<Hand> adopt() {
        return List.copyOf(left);
    }
}
