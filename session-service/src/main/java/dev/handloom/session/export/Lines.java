package dev.handloom.session.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Cuts a stream at its line ends; no more than one line is ever held. */
final class Lines {
    /** In bytes. The longest event is as long as the longest tool result. */
    static final int LINE_MAX = 64 << 20;
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long number;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Of the line that was read last, from 1. */
    long number() {
        return number;
    }

    /** @return null at the end */
    byte @Nullable [] next() throws IOException {
        number++;
        var line = new ByteArrayOutputStream();
        while (true) {
            if (at == end) {
                at = 0;
                end = Math.max(0, in.read(buffer));
                if (end == 0) {
                    return line.size() == 0 ? null : line.toByteArray();
                }
            }
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            if (line.size() + stop - at > LINE_MAX) {
                throw new BrokenExport(number, "it is longer than " + LINE_MAX + " bytes");
            }
            line.write(buffer, at, stop - at);
            at = stop;
            if (at < end) {
                at++;
                return line.toByteArray();
            }
        }
    }
}
