package dev.handloom.kit.http;

import dev.handloom.kit.http.ApiSettings.UnknownFields;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Collections;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Hands controllers the body as {@link Fields} and the parameters as {@link Query}, and {@link Once}. */
class RequestParts implements HandlerMethodArgumentResolver {
    private static final Set<Class<?>> PARTS = Set.of(Fields.class, Query.class, Once.class);

    private final UnknownFields unknown;

    RequestParts(UnknownFields unknown) {
        this.unknown = unknown;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return PARTS.contains(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer model,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binders
    ) throws IOException {
        var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
        if (parameter.getParameterType() == Query.class) {
            return new Query(request.getQueryString());
        }
        if (parameter.getParameterType() == Once.class) {
            return Once.of(Collections.list(request.getHeaders(Once.HEADER)));
        }
        JsonBody.requirePlainUtf8(request.getContentType(), request.getHeader("Content-Encoding"));
        return JsonBody.read(request.getInputStream().readAllBytes(), unknown);
    }
}
