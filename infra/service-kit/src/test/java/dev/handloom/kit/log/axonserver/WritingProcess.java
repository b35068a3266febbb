package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.Writers;

/** Sixteen writers in a process of their own. Arguments: the server, the corner's suffix, a name for the round. */
final class WritingProcess {
    private WritingProcess() {}

    public static void main(String[] arguments) {
        Writers.start(new AxonServerLog(
                new AxonServerLog.Place(AxonServerLog.reach(arguments[0]), arguments[1], 0)), arguments[2]);
    }
}
