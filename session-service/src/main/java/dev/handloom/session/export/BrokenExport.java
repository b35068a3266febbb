package dev.handloom.session.export;

/** What was read is no whole export. */
public final class BrokenExport extends RuntimeException {
    private final long line;
    private final String reason;

    /** @param line where, from 1 */
    BrokenExport(long line, String reason) {
        super("line " + line + ": " + reason, null, false, false);
        this.line = line;
        this.reason = reason;
    }

    public long line() {
        return line;
    }

    public String reason() {
        return reason;
    }
}
