package dev.handloom.kit.log.axonserver;

import io.axoniq.axonserver.connector.event.AggregateEventStream;
import io.axoniq.axonserver.connector.event.EventChannel;
import io.axoniq.axonserver.connector.event.EventStream;
import io.axoniq.axonserver.grpc.event.Event;
import io.axoniq.axonserver.grpc.event.EventWithToken;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A corner of the server's one context that nobody else uses, because the server cannot forget what the last test
 * wrote. On the way to the server its streams get a suffix, on the way back they lose it; what others wrote comes back
 * with a type that nobody knows.
 */
record Corner(Object server, String suffix) implements InvocationHandler {
    static String unused() {
        return "-" + UUID.randomUUID();
    }

    static EventChannel of(EventChannel server, String suffix) {
        return proxy(EventChannel.class, server, suffix);
    }

    private static <T> T proxy(Class<T> type, T server, String suffix) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                new Corner(server, suffix)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            var inside = arguments == null ? null : Arrays.stream(arguments).map(this::in).toArray();
            return out(method.invoke(server, inside));
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    private Object in(Object argument) {
        return switch (argument) {
            case String stream -> stream + suffix;
            case Event event -> in(event);
            case Event[] events -> Arrays.stream(events).map(this::in).toArray(Event[]::new);
            default -> argument;
        };
    }

    private Event in(Event event) {
        return event.toBuilder().setAggregateIdentifier(event.getAggregateIdentifier() + suffix).build();
    }

    private @Nullable Object out(@Nullable Object result) {
        return switch (result) {
            case null -> null;
            case Event event -> out(event);
            case EventWithToken event -> event.toBuilder().setEvent(out(event.getEvent())).build();
            case AggregateEventStream stream -> proxy(AggregateEventStream.class, stream, suffix);
            case EventStream stream -> proxy(EventStream.class, stream, suffix);
            default -> result;
        };
    }

    private Event out(Event event) {
        var stream = event.getAggregateIdentifier();
        var outside = event.toBuilder();
        if (stream.endsWith(suffix)) {
            outside.setAggregateIdentifier(stream.substring(0, stream.length() - suffix.length()));
        } else {
            outside.getPayloadBuilder().setType("of.somebody.Else");
        }
        return outside.build();
    }
}
