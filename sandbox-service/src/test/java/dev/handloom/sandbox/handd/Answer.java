package dev.handloom.sandbox.handd;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What handd answered: a status and the fields behind it. */
final class Answer {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int UNKNOWN_CALL = 2;
    static final int NO_SENSE = 3;

    static final int TIMED_OUT = 1;
    static final int CUT = 2;
    static final int SHELL_REPLACED = 4;
    static final int CANCELLED = 8;
    static final int FULL = 16;

    private final int status;
    private final byte[] payload;

    Answer(int status, byte[] payload) {
        this.status = status;
        this.payload = payload;
    }

    /** @param latin the output, a character for each byte */
    record Bash(int exit, int flags, long total, String directory, String kept, String latin) {
        byte[] output() {
            return latin.getBytes(StandardCharsets.ISO_8859_1);
        }

        String text() {
            return new String(output(), StandardCharsets.UTF_8);
        }
    }

    record Read(long size, int flags, int lines, String content) {}

    record Failure(int errno, String message) {}

    record Glob(int flags, List<String> paths) {}

    record Exec(int exit, int flags, long total, String output) {}

    int status() {
        return status;
    }

    byte[] payload() {
        return payload;
    }

    private ByteBuffer fields(int expected) {
        if (status != expected) {
            throw new AssertionError("status " + status + ": " + new String(payload, StandardCharsets.UTF_8));
        }
        return ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(ByteBuffer fields) {
        var bytes = new byte[fields.getInt()];
        fields.get(bytes);
        return bytes;
    }

    private static String str(ByteBuffer fields) {
        return new String(bytes(fields), StandardCharsets.UTF_8);
    }

    private static <T> T whole(ByteBuffer fields, T value) {
        if (fields.hasRemaining()) {
            throw new AssertionError(fields.remaining() + " bytes more than the answer has");
        }
        return value;
    }

    Bash bash() {
        var fields = fields(DONE);
        return whole(fields, new Bash(fields.getInt(), fields.getInt(), fields.getLong(), str(fields), str(fields),
                new String(bytes(fields), StandardCharsets.ISO_8859_1)));
    }

    Read read() {
        var fields = fields(DONE);
        return whole(fields, new Read(fields.getLong(), fields.getInt(), fields.getInt(), str(fields)));
    }

    Glob glob() {
        var fields = fields(DONE);
        int flags = fields.getInt();
        int count = fields.getInt();
        var paths = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            paths.add(str(fields));
        }
        return whole(fields, new Glob(flags, List.copyOf(paths)));
    }

    Exec exec() {
        var fields = fields(DONE);
        return whole(fields, new Exec(fields.getInt(), fields.getInt(), fields.getLong(), str(fields)));
    }

    boolean created() {
        var fields = fields(DONE);
        return whole(fields, fields.get() == 1);
    }

    int replaced() {
        var fields = fields(DONE);
        return whole(fields, fields.getInt());
    }

    Failure failure() {
        var fields = fields(FAILED);
        return whole(fields, new Failure(fields.getInt(), str(fields)));
    }

    String nonsense() {
        var fields = fields(NO_SENSE);
        return whole(fields, str(fields));
    }
}
