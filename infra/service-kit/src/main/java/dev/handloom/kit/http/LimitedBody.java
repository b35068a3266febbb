package dev.handloom.kit.http;

import dev.handloom.kit.http.Problem.Kind;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/** A request whose body may not be longer than a limit, whatever length it declared, or none. */
class LimitedBody extends HttpServletRequestWrapper {
    private final DataSize max;

    LimitedBody(HttpServletRequest request, DataSize max) {
        super(request);
        this.max = max;
    }

    static Problem tooLarge(DataSize max) {
        return Problem.of(Kind.TOO_LARGE, "the request body may be at most " + max.toBytes() + " bytes", null);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        return new Counted(super.getInputStream(), max);
    }

    /** Counts what is read, and throws the {@link Problem} at the first byte too many. */
    private static final class Counted extends ServletInputStream {
        private final ServletInputStream body;
        private final DataSize max;
        private long read;

        Counted(ServletInputStream body, DataSize max) {
            this.body = body;
            this.max = max;
        }

        @Override
        public int read() throws IOException {
            int next = body.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = body.read(into, offset, length);
            count(Math.max(count, 0));
            return count;
        }

        private void count(int more) {
            read += more;
            if (read > max.toBytes()) {
                throw tooLarge(max);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
