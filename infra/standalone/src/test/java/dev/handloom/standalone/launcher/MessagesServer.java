package dev.handloom.standalone.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A model's server that knows two models, one key and one sentence. */
final class MessagesServer implements AutoCloseable {
    static final String KEY = "sk-ant-of-the-test";
    private static final String ANSWER = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m",\
            "content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":2100,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The **sort** is "}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"upside down."}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
            "usage":{"output_tokens":9}}

            event: message_stop
            data: {"type":"message_stop"}

            """;

    private final HttpServer server;
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    MessagesServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/models", exchange -> answer(exchange, "application/json",
                "{\"data\":[{\"id\":\"small\"},{\"id\":\"claude-sonnet-9\"}]}"));
        server.createContext("/v1/messages", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, "text/event-stream", ANSWER);
        });
        server.start();
    }

    private static void answer(HttpExchange exchange, String type, String body) throws IOException {
        boolean known = KEY.equals(exchange.getRequestHeaders().getFirst("x-api-key"));
        var bytes = (known ? body : "{}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", known ? type : "application/json");
        exchange.sendResponseHeaders(known ? 200 : 401, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The body of the next request for a message. */
    String asked() throws InterruptedException {
        return asked.take();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
