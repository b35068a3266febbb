package dev.handloom.sandbox.environments;

import org.axonframework.commandhandling.CommandExecutionException;

/** Why an environment does not do what a command asks. */
final class Refused extends CommandExecutionException {
    enum Why {
        ARCHIVED, STALE, DELETED
    }

    Refused(Why why) {
        super("the environment is " + why, null, why);
    }

    Why why() {
        return this.<Why>getDetails().orElseThrow();
    }
}
