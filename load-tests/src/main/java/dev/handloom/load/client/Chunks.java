package dev.handloom.load.client;

import java.io.IOException;
import java.io.InputStream;

/** The content of a chunked answer (RFC 9112 §7.1). */
final class Chunks extends InputStream {
    private final InputStream in;
    private int left;
    private boolean ended;

    Chunks(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (left == 0 && !next()) {
            return -1;
        }
        int read = in.read(into, from, Math.min(left, length));
        if (read > 0) {
            left -= read;
            if (left == 0) {
                Connection.line(in);
            }
        }
        return read;
    }

    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        left = Integer.parseInt(Connection.line(in).split(";", 2)[0].strip(), 16);
        if (left == 0) {
            Connection.line(in);
            ended = true;
        }
        return !ended;
    }
}
