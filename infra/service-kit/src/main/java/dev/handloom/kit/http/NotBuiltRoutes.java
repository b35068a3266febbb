package dev.handloom.kit.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Answers the paths of {@link NotBuilt}, after the controllers and before "no such path". */
class NotBuiltRoutes extends AbstractHandlerMapping {
    private static final int AFTER_CONTROLLERS = 10;

    private record Route(PathPattern pattern, String reason) {}

    private final List<Route> routes = new ArrayList<>();

    NotBuiltRoutes(List<NotBuilt> families) {
        setOrder(AFTER_CONTROLLERS);
        for (var family : families) {
            for (var pattern : family.patterns()) {
                routes.add(new Route(PathPatternParser.defaultInstance.parse(pattern), family.reason()));
            }
        }
    }

    @Override
    protected @Nullable Object getHandlerInternal(HttpServletRequest request) {
        var path = ServletRequestPathUtils.getParsedRequestPath(request).pathWithinApplication();
        for (var route : routes) {
            if (route.pattern().matches(path)) {
                return (HttpRequestHandler) (_, _) -> {
                    throw Problem.notBuilt(route.reason());
                };
            }
        }
        return null;
    }
}
