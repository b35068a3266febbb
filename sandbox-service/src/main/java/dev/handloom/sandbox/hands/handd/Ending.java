package dev.handloom.sandbox.hands.handd;

/** The flags with which handd says how bash or exec ended. */
record Ending(int flags) {
    boolean timedOut() {
        return has(1);
    }

    boolean cut() {
        return has(2);
    }

    boolean newShell() {
        return has(4);
    }

    boolean cancelled() {
        return has(8);
    }

    boolean outputFull() {
        return has(16);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
