package dev.handloom.kit.http;

import dev.handloom.kit.http.Problem.Kind;
import dev.handloom.kit.log.LogUnavailable;
import dev.handloom.kit.log.StorageFull;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.axonframework.commandhandling.NoHandlerForCommandException;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.queryhandling.NoHandlerForQueryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Makes an {@link Envelope} of whatever went wrong under the dispatcher. What nobody foresaw is logged, and is a 500. */
class ProblemResolver implements HandlerExceptionResolver, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemResolver.class);
    private static final Set<SQLiteErrorCode> UNUSABLE = Set.of(SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_IOERR, SQLiteErrorCode.SQLITE_CANTOPEN, SQLiteErrorCode.SQLITE_READONLY);

    private static final String FULL = "the disk is full: nothing was stored; reading still works";

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request,
            HttpServletResponse response,
            @Nullable Object handler,
            Exception failure
    ) {
        if (failure instanceof AsyncRequestNotUsableException) {
            return new ModelAndView(); // The client has gone; there is nobody to tell.
        }
        var problem = problem(failure, request);
        if (problem.kind() == Kind.INTERNAL) {
            LOG.error("{} {} failed, {}", request.getMethod(), request.getRequestURI(), Envelope.requestId(request),
                    failure);
        }
        try {
            Envelope.write(problem, headers(failure), request, response);
        } catch (IOException _) {
            LOG.debug("{} went away before its error could be told", Envelope.requestId(request));
        }
        return new ModelAndView();
    }

    private static Map<String, String> headers(Exception failure) {
        return failure instanceof HttpRequestMethodNotSupportedException method && method.getSupportedMethods() != null
                ? Map.of("Allow", String.join(", ", Arrays.stream(method.getSupportedMethods()).sorted().toList()))
                : Map.of();
    }

    static Problem problem(Throwable failure, HttpServletRequest request) {
        return switch (failure) {
            case Problem problem -> problem;
            case HttpRequestMethodNotSupportedException _ -> Problem.of(Kind.METHOD_NOT_ALLOWED,
                    request.getMethod() + " is not possible on " + request.getRequestURI(), null);
            case NoResourceFoundException _ -> noSuchPath(request);
            case NoHandlerFoundException _ -> noSuchPath(request);
            case HttpMessageNotReadableException _ -> Problem.invalid("the request body cannot be read");
            case HttpMediaTypeException media -> Problem.invalid("Content-Type", "is not accepted here");
            case ServletRequestBindingException binding -> Problem.invalid(String.valueOf(binding.getMessage()));
            case TypeMismatchException mismatch -> Problem.invalid(
                    String.valueOf(mismatch.getPropertyName()), "has the wrong type");
            case MultipartException _ -> Problem.invalid("the multipart body cannot be read");
            case AggregateStreamCreationException _ -> collision();
            case ConcurrencyException _ -> collision();
            case AggregateNotFoundException missing -> Problem.missing(missing.getAggregateIdentifier()
                    + " was not found");
            case NoHandlerForCommandException _ -> Problem.unavailable("the service that does this is not running");
            case NoHandlerForQueryException _ -> Problem.unavailable("the service that knows this is not running");
            default -> fromCauses(failure);
        };
    }

    private static Problem noSuchPath(HttpServletRequest request) {
        return Problem.missing("no such path: " + request.getMethod() + " " + request.getRequestURI());
    }

    private static Problem collision() {
        return Problem.of(Kind.COLLISION, "another request changed this at the same time; try again", null);
    }

    /** A store's troubles arrive wrapped, several times over. */
    private static Problem fromCauses(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
            if (cause instanceof LogUnavailable unavailable) {
                return Problem.unavailable(String.valueOf(unavailable.getMessage()));
            }
            if (cause instanceof StorageFull) {
                return Problem.of(Kind.STORAGE_FULL, FULL, null);
            }
            if (cause instanceof SQLiteException sqlite) {
                var code = SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xff);
                if (code == SQLiteErrorCode.SQLITE_FULL) {
                    return Problem.of(Kind.STORAGE_FULL, FULL, null);
                }
                if (UNUSABLE.contains(code)) {
                    return Problem.unavailable("the store cannot be used at the moment: nothing was stored");
                }
            }
        }
        return Problem.of(Kind.INTERNAL, "an unexpected error, which the server has logged under this request id",
                null);
    }
}
