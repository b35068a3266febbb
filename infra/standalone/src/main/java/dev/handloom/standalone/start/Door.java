package dev.handloom.standalone.start;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** The address and port where the platform listens. */
public record Door(String host, int port) {
    public static final int PORT_USUAL = 4280;
    public static final String HOST_USUAL = "127.0.0.1";
    private static final int PORT_MOST = 65_535;

    /** It cannot be opened; the message says why. */
    public static class Shut extends RuntimeException {
        Shut(String why, @Nullable Throwable cause) {
            super(why, cause);
        }
    }

    static Door of(Environment settings) {
        var port = settings.getProperty("server.port", String.valueOf(PORT_USUAL));
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > PORT_MOST) {
            throw new IllegalArgumentException("server.port must be 0 to 65535, not " + port);
        }
        return new Door(settings.getProperty("server.address", HOST_USUAL), Integer.parseInt(port));
    }

    /**
     * Tries it before anything else starts: a server that finds its port taken only in the end has by then begun to work
     * on what its log says is unfinished.
     *
     * @throws Shut when nothing can listen there
     */
    public void tryIt() {
        if (port == 0) {
            return;
        }
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new Shut("there is no host named " + host, null);
        }
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
        } catch (IOException refused) {
            var why = String.valueOf(refused.getMessage());
            throw new Shut(why.contains("in use")
                    ? "port " + port + " of " + host + " is in use by another program; choose one with --port"
                    : "port " + port + " of " + host + " cannot be opened: " + why, refused);
        }
    }
}
