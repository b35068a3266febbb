package dev.handloom.kit.http;

import dev.handloom.kit.Ids;
import dev.handloom.kit.http.Problem.Kind;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.util.unit.DataSize;
import org.springframework.web.filter.OncePerRequestFilter;

/** The door of the API: every answer gets a request id; under the API's paths a key must be shown and bodies have a limit. */
class ApiFilter extends OncePerRequestFilter {
    private static final String WORKSPACE = "anthropic-workspace-id";
    private static final Pattern WORKSPACE_FORM = Pattern.compile("[\\w-]{1,128}");
    private static final Set<String> GUARDED = Set.of("v1", "handloom");
    private static final Pattern BEARER = Pattern.compile("[Bb]earer +(\\S+) *");

    private final ApiKey key;
    private final DataSize usualMax;
    private final Map<String, DataSize> maxOf;

    /** @param others paths with a limit of their own */
    ApiFilter(ApiKey key, DataSize usualMax, List<BodyLimit> others) {
        this.key = key;
        this.usualMax = usualMax;
        this.maxOf = others.stream().collect(Collectors.toUnmodifiableMap(BodyLimit::path, BodyLimit::max));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var id = Ids.next("req_");
        request.setAttribute(Envelope.REQUEST_ID, id);
        response.setHeader(Envelope.REQUEST_ID, id);
        var workspace = request.getHeader(WORKSPACE);
        if (workspace != null && WORKSPACE_FORM.matcher(workspace).matches()) {
            response.setHeader(WORKSPACE, workspace);
        }
        var bodyMax = maxOf.getOrDefault(request.getServletPath(), usualMax);
        if (!guarded(request)) {
            chain.doFilter(request, response);
        } else if (!authentic(request)) {
            refuse(Problem.of(Kind.UNAUTHENTICATED,
                    "a valid API key is required, as Authorization: Bearer … or x-api-key: …", null),
                    Map.of("WWW-Authenticate", "Bearer"), request, response);
        } else if (request.getContentLengthLong() > bodyMax.toBytes()) {
            refuse(LimitedBody.tooLarge(bodyMax), Map.of(), request, response);
        } else {
            chain.doFilter(new LimitedBody(request, bodyMax), response);
        }
    }

    /** Looks at the path as the container and as the client wrote it, so that no odd spelling gets past. */
    private static boolean guarded(HttpServletRequest request) {
        return GUARDED.contains(firstSegment(request.getServletPath()))
                || GUARDED.contains(firstSegment(request.getRequestURI()));
    }

    private static String firstSegment(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        int end = start;
        while (end < path.length() && path.charAt(end) != '/' && path.charAt(end) != ';') {
            end++;
        }
        return path.substring(start, end);
    }

    private boolean authentic(HttpServletRequest request) {
        var authorization = request.getHeader("Authorization");
        if (authorization != null) {
            var bearer = BEARER.matcher(authorization);
            if (bearer.matches() && key.matches(bearer.group(1))) {
                return true;
            }
        }
        var plain = request.getHeader("x-api-key");
        return plain != null && key.matches(plain.strip());
    }

    private static void refuse(
            Problem problem,
            Map<String, String> headers,
            HttpServletRequest request,
            HttpServletResponse response
    ) throws IOException {
        Envelope.write(problem, headers, request, response);
    }
}
