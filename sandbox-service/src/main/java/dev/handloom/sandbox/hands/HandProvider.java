package dev.handloom.sandbox.hands;

import dev.handloom.api.session.SessionId;
import java.util.List;

/** One way to make hands. */
public interface HandProvider {
    /** Whether it can work on this machine, and why or why not, in words for the operator. */
    record Probe(boolean ready, String why) {}

    /** What a hand is made from. */
    record Recipe(SessionId session, String environmentId) {}

    /** The value of {@code handloom.hands.provider} that asks for it: docker, bubblewrap or jvm. */
    String name();

    Probe probe();

    /** @throws Hand.HandDied when the sandbox could not be made; the message says what to do */
    Hand provision(Recipe recipe) throws Hand.HandDied, InterruptedException;

    /** The hands that a former process of this installation left alive; those of unknown sessions are the caller's to destroy. */
    List<Hand> adopt();
}
