package dev.handloom.harness.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Takes the data of server-sent events out of bytes, however they are cut. Names, ids and comments are passed over. */
final class Frames {
    private final ByteStream bytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private final ArrayDeque<String> ready = new ArrayDeque<>();
    private boolean afterReturn;

    Frames(ByteStream bytes) {
        this.bytes = bytes;
    }

    /** The next event's data, its lines joined; null at the end. An event the end cuts off is not one. */
    @Nullable
    String next() throws IOException, InterruptedException {
        while (ready.isEmpty()) {
            var read = bytes.next();
            if (read == null) {
                return null;
            }
            for (byte b : read) {
                add(b);
            }
        }
        return ready.poll();
    }

    private void add(byte b) {
        if (b == '\n' && afterReturn) {
            afterReturn = false;
            return;
        }
        afterReturn = b == '\r';
        if (b == '\n' || b == '\r') {
            endLine();
        } else {
            line.write(b);
        }
    }

    private void endLine() {
        var text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (text.isEmpty()) {
            if (!data.isEmpty()) {
                ready.add(data.substring(1));
                data.setLength(0);
            }
        } else if (text.startsWith("data:")) {
            data.append('\n').append(text, text.startsWith("data: ") ? 6 : 5, text.length());
        }
    }
}
