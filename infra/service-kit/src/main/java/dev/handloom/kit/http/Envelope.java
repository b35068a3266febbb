package dev.handloom.kit.http;

import dev.handloom.kit.Ids;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The one form of every error: {@code {"type":"error","error":{…},"request_id":"req_…"}}. */
final class Envelope {
    static final String REQUEST_ID = "request-id";
    private static final String SHOULD_RETRY = "x-should-retry";

    private Envelope() {}

    static ObjectNode of(Problem problem, String requestId) {
        var envelope = JsonNodeFactory.instance.objectNode().put("type", "error");
        var error = envelope.putObject("error").put("type", problem.kind().type()).put("message", problem.getMessage());
        if (problem.code() != null) {
            error.putObject("details").put("error_code", problem.code());
        }
        return envelope.put("request_id", requestId);
    }

    /** Does nothing when the answer is already on its way, as it is once a stream has begun. */
    static void write(
            Problem problem,
            Map<String, String> headers,
            HttpServletRequest request,
            HttpServletResponse response
    ) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.kind().status());
        headers.forEach(response::setHeader);
        if (problem.kind().permanent()) {
            response.setHeader(SHOULD_RETRY, "false");
        }
        var id = requestId(request);
        response.setHeader(REQUEST_ID, id);
        var body = JsonMapper.shared().writeValueAsBytes(of(problem, id));
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The id that {@link ApiFilter} gave the request, or a new one when the container refused it before. */
    static String requestId(HttpServletRequest request) {
        if (request.getAttribute(REQUEST_ID) instanceof String id) {
            return id;
        }
        var id = Ids.next("req_");
        request.setAttribute(REQUEST_ID, id);
        return id;
    }
}
