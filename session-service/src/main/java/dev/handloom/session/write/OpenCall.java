package dev.handloom.session.write;

import dev.handloom.api.session.AgentOutput.ToolRunner;

/**
 * A tool call without a result yet.
 *
 * @param asked whether the client is or was asked to allow it
 */
record OpenCall(ToolRunner runner, boolean asked, Phase phase) {
    enum Phase {
        /** The client must allow or deny it. */
        ASKING,
        /** The client allowed it, and it waits until the other questions are answered. */
        ALLOWED,
        /** The client denied it; its result is about to say so. */
        DENIED,
        /** The client must run it. */
        WITH_CLIENT,
        /** The hands may run it. */
        DUE,
        /** It was sent to the hands. */
        STARTED
    }

    boolean waitsForClient() {
        return phase == Phase.ASKING || phase == Phase.WITH_CLIENT;
    }

    boolean withHands() {
        return phase == Phase.DUE || phase == Phase.STARTED;
    }

    OpenCall in(Phase next) {
        return new OpenCall(runner, asked, next);
    }
}
