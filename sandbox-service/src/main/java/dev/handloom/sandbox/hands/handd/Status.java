package dev.handloom.sandbox.hands.handd;

/** How handd answers, from 0. */
enum Status {
    DONE, FAILED, UNKNOWN_CALL, SENSELESS;

    private static final Status[] ALL = values();

    static Status of(int kind) throws BadFrame {
        if (kind >= ALL.length) {
            throw new BadFrame("an answer of the unknown status " + kind);
        }
        return ALL[kind];
    }
}
