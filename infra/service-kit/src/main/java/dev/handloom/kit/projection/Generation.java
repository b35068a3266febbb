package dev.handloom.kit.projection;

import dev.handloom.api.session.SessionEvent;
import dev.handloom.kit.log.LogEngine;
import dev.handloom.kit.log.LogSource;
import dev.handloom.kit.log.LogSource.Reach;
import java.util.concurrent.atomic.AtomicLong;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.deadletter.DeadLetteringEventHandlerInvoker;
import org.axonframework.eventhandling.deadletter.jdbc.JdbcDeadLetter;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.messaging.deadletter.Decisions;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.ThrowableCause;
import org.jspecify.annotations.Nullable;

/** One set of a projection's rows, and the event processor that fills it. */
final class Generation {
    /** How many events one transaction handles: enough to be quick, few enough that the turns' sagas need not wait. */
    private static final int BATCH = 200;

    /** @param position where it stood when it failed; it has recovered when it stands elsewhere */
    private record Trouble(String cause, long position) {}

    private final Projection projection;
    private final long number;
    private final LogSource source;
    private final Workbench tools;
    private final Runnable whenDeleted;
    private final LetterBox letters;
    private final DeadLetteringEventHandlerInvoker parking;
    private final PooledStreamingEventProcessor processor;
    private final AtomicLong handled = new AtomicLong();
    private volatile @Nullable Trouble trouble;

    /** @param whenDeleted told that the rows of a session are about to go */
    Generation(Projection projection, long number, LogSource source, Workbench tools, Runnable whenDeleted) {
        this.projection = projection;
        this.number = number;
        this.source = source;
        this.tools = tools;
        this.whenDeleted = whenDeleted;
        this.letters = new LetterBox(name(), tools);
        EventMessageHandler handler = this::handle;
        this.parking = DeadLetteringEventHandlerInvoker.builder()
                .eventHandlers(handler)
                .queue(letters.queue())
                .transactionManager(tools.transactions())
                .enqueuePolicy((_, cause) -> decide(cause))
                .enableSequenceIdentifierCache()
                .build();
        this.processor = PooledStreamingEventProcessor.builder()
                .name(name())
                .eventHandlerInvoker(new Doorway(parking, this::admit))
                .errorHandler(context -> {
                    trouble = new Trouble(context.error().toString(), handled());
                    PropagatingErrorHandler.instance().handleError(context);
                })
                .messageSource(source)
                .tokenStore(tools.tokens())
                .transactionManager(tools.transactions())
                .coordinatorExecutor(tools.lookers())
                .workerExecutor(tools.workers())
                .initialSegmentCount(1)
                .initialToken(from -> from.createTailToken())
                .batchSize(BATCH)
                .enableCoordinatorClaimExtension()
                .build();
    }

    static String nameOf(String projection, long number) {
        return projection + "@" + number;
    }

    private String name() {
        return nameOf(projection.name(), number);
    }

    long number() {
        return number;
    }

    LetterBox letters() {
        return letters;
    }

    StreamingEventProcessor processor() {
        return processor;
    }

    /** A deleted session leaves nothing, whatever of it waits. */
    private void admit(EventMessage<?> event) {
        if (event.getPayload() instanceof SessionEvent.Deleted deleted) {
            letters.discard(deleted.sessionId().value());
            whenDeleted.run();
        }
    }

    private @Nullable Object handle(EventMessage<?> event) {
        if (!(event.getPayload() instanceof LetterBox.Gone)) {
            tools.eachEvent().executeWithoutResult(_ -> projection.on(event.getPayload(), number));
        }
        return null;
    }

    private static EnqueueDecision<EventMessage<?>> decide(Throwable cause) {
        if (Fault.isTheStores(cause)) {
            throw new Fault.OfTheStore(cause);
        }
        return Decisions.enqueue(ThrowableCause.truncated(cause));
    }

    /**
     * Tries the events that wait, in order, up to the first that still cannot be handled.
     *
     * @return whether none is left
     */
    boolean retry(String sequence) {
        return parking.process(letter -> letter instanceof JdbcDeadLetter<?> parked
                && parked.getSequenceIdentifier().equals(sequence));
    }

    /** The global index of the last event that was handled or parked. A processor that failed forgets where it was. */
    long handled() {
        return handled.accumulateAndGet(processor.processingStatus()
                .values()
                .stream()
                .mapToLong(segment -> LogEngine.globalOf(segment.getTrackingToken()))
                .min()
                .orElse(0), Math::max);
    }

    void await() {
        source.awaitHandled(this::handled);
    }

    Reach reach() {
        return source.reach(handled());
    }

    Standing.Row standing() {
        long position = handled();
        var failed = trouble;
        var parked = letters.count();
        return new Standing.Row(number, source.reach(position),
                failed == null || failed.position() != position ? null : failed.cause(), parked.sequences(),
                parked.events());
    }
}
