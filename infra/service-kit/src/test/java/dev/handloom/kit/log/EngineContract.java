package dev.handloom.kit.log;

import dev.handloom.api.Json;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.DataFolder;
import dev.handloom.kit.seal.Seal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.util.FileSystemUtils;

/** What the parts of the contract share: an engine on an empty place, and words to write and read sessions with. */
public abstract class EngineContract {
    public static final SessionId ONE = new SessionId("sesn_one");
    public static final SessionId OTHER = new SessionId("sesn_other");
    public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private static final Seal UNUSED = unused();

    private @Nullable Engine engine;

    private static Seal unused() {
        try {
            var folder = Files.createTempDirectory("unused-seal");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(folder.toFile())));
            return Seal.open(new DataFolder(folder), null);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The first call of a test finds an empty place; the next ones find what was stored there. */
    protected abstract Engine open();

    @BeforeEach
    void openOnAnEmptyPlace() {
        engine = open();
    }

    @AfterEach
    void closeWhatIsOpen() {
        engine().close();
    }

    Engine engine() {
        return Objects.requireNonNull(engine);
    }

    void reopen() {
        engine().close();
        engine = open();
    }

    public static SessionLog sessions(LogEngine engine, LogStreams streams, Seal seal) {
        return new StoredSessionLog(engine, streams, seal);
    }

    /** Without a seal: what is erased is what the engine deletes. */
    public static SessionLog sessions(LogEngine engine, LogStreams streams) {
        return new StoredSessionLog(engine, streams, UNUSED);
    }

    public static StreamableMessageSource<TrackedEventMessage<?>> source(
            LogEngine engine,
            LogStreams streams,
            Set<Class<?>> payloadTypes
    ) {
        return streams.source(engine, payloadTypes.stream().map(Class::getName).collect(Collectors.toSet()));
    }

    public static DomainEventMessage<SessionEvent> message(long position, SessionEvent event) {
        return new GenericDomainEventMessage<>("Session", event.sessionId().value(), position - 1, event);
    }

    public static SessionEvent said(SessionId session, String text) {
        return new SessionEvent.InputReceived(session, "sevt_1", new Input.Message(new Json(text)), false, NOON);
    }

    public static SessionEvent deleted(SessionId session) {
        return new SessionEvent.Deleted(session, "sevt_9", NOON);
    }

    public static String textOf(SessionEvent event) {
        return ((Input.Message) ((SessionEvent.InputReceived) event).input()).content().text();
    }

    /** Appends one event in one commit. */
    void append(SessionId session, long position, String text) {
        engine().store().publish(List.of(message(position, said(session, text))));
    }

    void delete(SessionId session, long position) {
        engine().store().publish(List.of(message(position, deleted(session))));
    }

    /** Appends events that say their position, in one commit. */
    void appendAll(SessionId session, long from, long to) {
        engine().store()
                .publish(LongStream.rangeClosed(from, to)
                        .mapToObj(position -> message(position, said(session, String.valueOf(position))))
                        .toList());
    }

    List<SessionLog.Entry> all(SessionId session) {
        var entries = new ArrayList<SessionLog.Entry>();
        long from = 1;
        while (true) {
            var slice = engine().sessions().slice(session, from, SessionLog.SLICE_MAX);
            if (slice.isEmpty()) {
                return entries;
            }
            entries.addAll(slice);
            from = slice.getLast().position() + 1;
        }
    }

    List<String> texts(SessionId session) {
        return all(session).stream().map(entry -> textOf(entry.event())).toList();
    }

    public static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** Runs all at once, each on a thread of its own, and waits for the last. */
    public static <T> List<T> together(List<Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        }
    }
}
