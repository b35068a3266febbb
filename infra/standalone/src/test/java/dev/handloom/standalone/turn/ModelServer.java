package dev.handloom.standalone.turn;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server of the Messages API whose every byte a test decides: it gives the prepared answers in order, one a request,
 * and keeps what it was asked. Plain sockets, so that it can fall silent, cut a connection and see one being cut.
 */
final class ModelServer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** One request, as it came. */
    record Asked(String path, Map<String, String> headers, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        JsonNode messages() {
            return json().path("messages");
        }
    }

    /** What the server does with one request. */
    @FunctionalInterface
    interface Answer {
        void to(Connection connection) throws IOException, InterruptedException;
    }

    /** The client's end of one request. */
    static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        private Connection(Socket socket, InputStream in) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
        }

        void head(int status, String type, String... headers) throws IOException {
            var head = new StringBuilder("HTTP/1.1 " + status + " Rehearsed\r\ncontent-type: " + type
                    + "\r\ntransfer-encoding: chunked\r\nconnection: close\r\n");
            for (var header : headers) {
                head.append(header).append("\r\n");
            }
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        void piece(byte[] bytes) throws IOException {
            if (bytes.length > 0) {
                out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes);
                out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        }

        void piece(String text) throws IOException {
            piece(text.getBytes(StandardCharsets.UTF_8));
        }

        void end() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Whether the other side closes the connection within this time. Nothing more is expected of it. */
        boolean hungUpWithin(Duration time) throws IOException {
            socket.setSoTimeout(Math.toIntExact(time.toMillis()));
            try {
                return in.read() < 0;
            } catch (SocketTimeoutException _) {
                return false;
            } catch (IOException _) {
                return true; // A reset is a hang-up too.
            }
        }
    }

    static Answer streamed(String events) {
        return connection -> {
            connection.head(200, "text/event-stream");
            connection.piece(events);
            connection.end();
        };
    }

    /** The bytes in pieces of this length, wherever that cuts them. */
    static Answer dripped(String events, int pieceBytes) {
        return connection -> {
            connection.head(200, "text/event-stream; charset=utf-8");
            var bytes = events.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; at += pieceBytes) {
                connection.piece(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + pieceBytes)));
            }
            connection.end();
        };
    }

    /** The beginning of an answer, then the connection is gone. */
    static Answer cutAfter(String events) {
        return connection -> {
            connection.head(200, "text/event-stream");
            connection.piece(events);
        };
    }

    static Answer error(int status, String type, String message, String... headers) {
        return connection -> {
            connection.head(status, "application/json", headers);
            connection.piece(
                    "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}");
            connection.end();
        };
    }

    static Answer whole(int status, String contentType, String body) {
        return connection -> {
            connection.head(status, contentType);
            connection.piece(body);
            connection.end();
        };
    }

    private final ServerSocket socket;
    private final Queue<Answer> prepared = new ArrayDeque<>();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private @Nullable Answer otherwise;

    ModelServer() {
        try {
            socket = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** The answers to the next requests. */
    synchronized void answer(Answer... answers) {
        prepared.addAll(java.util.List.of(answers));
    }

    /** What every request gets for which nothing was prepared. */
    synchronized void otherwise(Answer answer) {
        otherwise = answer;
    }

    /** Nothing is prepared any more, and what was asked is not looked at. */
    synchronized void forget() {
        otherwise = null;
        prepared.clear();
        asked.clear();
    }

    private synchronized Answer next() {
        var next = prepared.poll();
        if (next != null) {
            return next;
        }
        return otherwise != null ? otherwise : error(400, "invalid_request_error", "no answer was prepared");
    }

    /** The next request that was not looked at yet. */
    Asked asked() {
        try {
            var next = asked.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the model was not asked");
            }
            return next;
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    /** How many requests wait to be looked at. */
    int unseen() {
        return asked.size();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException _) {
                return; // Closed.
            }
        }
    }

    private void serve(Socket client) {
        open.add(client);
        try (client; var in = new BufferedInputStream(client.getInputStream())) {
            var request = read(in);
            Answer answer;
            synchronized (this) {
                asked.add(request);
                answer = next();
            }
            answer.to(new Connection(client, in));
        } catch (IOException _) {
            // The client went away: the test will know why.
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        } finally {
            open.remove(client);
        }
    }

    private static Asked read(InputStream in) throws IOException {
        var start = line(in);
        var path = start.substring(start.indexOf(' ') + 1, start.lastIndexOf(' '));
        var headers = new HashMap<String, String>();
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        var body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Asked(path, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8));
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("the request ended early");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (var client : open) {
            client.close();
        }
    }
}
