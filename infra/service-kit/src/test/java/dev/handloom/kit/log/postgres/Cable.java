package dev.handloom.kit.log.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The way to a server, which can be cut so that the server still hears and does what was asked, and nobody learns of it. */
final class Cable implements AutoCloseable {
    private final int to;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> ends = new CopyOnWriteArrayList<>();
    private volatile boolean answersAreLost;

    Cable(int to) throws IOException {
        this.to = to;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** The next answer on any connection is lost, and its connection with it; new connections work again. */
    void loseTheNextAnswer() {
        answersAreLost = true;
    }

    private void accept() {
        try {
            while (true) {
                var near = door.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), to);
                ends.add(near);
                ends.add(far);
                Thread.ofVirtual().start(() -> carry(near, far, false));
                Thread.ofVirtual().start(() -> carry(far, near, true));
            }
        } catch (IOException closed) {
            cut();
        }
    }

    private void carry(Socket from, Socket to, boolean answers) {
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            var bytes = new byte[1 << 16];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (answers && answersAreLost) {
                    answersAreLost = false;
                    return;
                }
                out.write(bytes, 0, read);
                out.flush();
            }
        } catch (IOException cut) {
            ends.remove(from);
        }
    }

    /** For good. */
    void cut() {
        try {
            door.close();
            for (var end : ends) {
                end.close();
            }
        } catch (IOException left) {
            throw new AssertionError(left);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
