package dev.handloom.kit.http;

import dev.handloom.kit.http.Problem.Kind;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where the container sends what failed outside the dispatcher. */
@Controller
class ErrorPage implements ErrorController {
    @RequestMapping("${spring.web.error.path:${error.path:/error}}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Envelope.write(problem(request), Map.of(), request, response);
    }

    private static Problem problem(HttpServletRequest request) {
        if (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof Throwable failure) {
            return ProblemResolver.problem(failure, request);
        }
        return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? ofStatus(status)
                : Problem.missing("no such path: " + request.getMethod() + " " + request.getRequestURI());
    }

    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> Problem.missing("no such path");
            case 405 -> Problem.of(Kind.METHOD_NOT_ALLOWED, "this method is not possible here", null);
            case 413 -> Problem.of(Kind.TOO_LARGE, "the request body is too large", null);
            case 431 -> Problem.of(Kind.HEADERS_TOO_LARGE, "the request's headers are too large", null);
            case 503 -> Problem.unavailable("the server cannot answer at the moment");
            default -> status < 500
                    ? Problem.invalid("the request is not proper HTTP: its line, headers or encoding are malformed")
                    : Problem.of(Kind.INTERNAL, "an unexpected error", null);
        };
    }
}
