package dev.handloom.sandbox.hands.handd;

/** What the service asks of handd. */
enum Ask {
    PING(1), CALL(2), ATTACH(3), FORGET(4), CANCEL(5);

    private final int kind;

    Ask(int kind) {
        this.kind = kind;
    }

    int kind() {
        return kind;
    }
}
