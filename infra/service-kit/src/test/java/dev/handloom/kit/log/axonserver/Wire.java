package dev.handloom.kit.log.axonserver;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A wire to the server that loses what a test tells it to, because a real one cannot be made to fail at a certain moment;
 * and counts what goes over it.
 */
final class Wire {
    /** How many of the next appends get no answer. */
    final AtomicInteger unanswered = new AtomicInteger();
    final AtomicInteger appends = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger readToTheEnd = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    /** Whether the server gets the appends that it cannot answer. */
    volatile boolean delivers = true;
    /** Whether streams cannot be read. */
    volatile boolean deaf;

    EventChannel to(EventChannel server) {
        return proxy(EventChannel.class, (_, method, arguments) -> {
            if (method.getName().equals("openAggregateStream")) {
                if (deaf) {
                    throw lost();
                }
                opened.incrementAndGet();
                return counted((AggregateEventStream) Objects.requireNonNull(call(server, method, arguments)));
            }
            if (method.getName().equals("appendEvents")) {
                appends.incrementAndGet();
                if (unanswered.get() > 0) {
                    unanswered.decrementAndGet();
                    if (delivers) {
                        ((CompletableFuture<?>) Objects.requireNonNull(call(server, method, arguments))).join();
                    }
                    return CompletableFuture.failedFuture(lost());
                }
            }
            return call(server, method, arguments);
        });
    }

    private AggregateEventStream counted(AggregateEventStream stream) {
        return proxy(AggregateEventStream.class, (_, method, arguments) -> {
            var result = call(stream, method, arguments);
            if (method.getName().equals("hasNext") && Boolean.FALSE.equals(result)) {
                readToTheEnd.incrementAndGet();
            } else if (method.getName().equals("cancel")) {
                cancelled.incrementAndGet();
            }
            return result;
        });
    }

    private static StatusRuntimeException lost() {
        return new StatusRuntimeException(Status.UNAVAILABLE.withDescription("a test"));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, handler));
    }

    private static @Nullable Object call(Object target, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
