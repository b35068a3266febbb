package dev.handloom.kit.log;

import dev.handloom.api.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Appends from many threads until the process is killed, and says what has been acknowledged. */
public final class Writers {
    public static final String ACKNOWLEDGED = "acknowledged ";
    public static final int WRITERS = 16;

    private Writers() {}

    public static SessionId session(String round, int writer) {
        return new SessionId("sesn_" + round + "_" + writer);
    }

    /** Prints {@code acknowledged <writer> <position>} after each commit. */
    public static void start(Engine log, String round) {
        for (int writer = 0; writer < WRITERS; writer++) {
            int me = writer;
            Thread.ofPlatform().start(() -> append(log, round, me));
        }
    }

    private static void append(Engine log, String round, int writer) {
        var session = session(round, writer);
        for (long position = 1;; position++) {
            var text = writer + " " + position;
            log.store().publish(List.of(EngineContract.message(position, EngineContract.said(session, text))));
            acknowledge(ACKNOWLEDGED + text + "\n");
        }
    }

    /** In one write, so that a line is either whole or not there. */
    private static void acknowledge(String line) {
        var bytes = line.getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
