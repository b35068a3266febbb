package dev.handloom.sandbox.hands.handd;

import dev.handloom.kit.FailPoint;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.NotBegun;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asking one handd and waiting for its answer, over as many connections as it takes. A call is sent once; over a later
 * connection it is asked for by its id. While an answer is waited for, handd must answer pings.
 */
final class Conversation {
    private final Line line;
    private final Patience patience;
    private final Consumer<String> whenHung;
    /** What all calls that wait for the shell may take together, in milliseconds. */
    private final AtomicLong inShell = new AtomicLong();
    private volatile @Nullable String death;

    /** @param whenHung told why handd must be given up */
    Conversation(Line line, Patience patience, Consumer<String> whenHung) {
        this.line = line;
        this.patience = patience;
        this.whenHung = whenHung;
    }

    /** Whoever waits, or asks from now on, learns this. The line must be closed next. */
    void end(String why) {
        death = why;
    }

    /**
     * @param call   what to send; null to ask for the call by its id only
     * @param within how long the tool may take once it runs
     * @param turns  whether it waits for the calls before it
     */
    Frame answer(String callId, @Nullable Payload call, Duration within, boolean turns)
            throws HandDied, InterruptedException {
        long millis = within.toMillis();
        long budget = turns ? inShell.addAndGet(millis) : millis;
        try {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(budget) + patience.grace().toNanos();
            var unsent = call;
            while (true) {
                try {
                    var asked = ask(callId, unsent);
                    FailPoint.RUNNING.pass();
                    return await(asked, until);
                } catch (Connection.Ended ended) {
                    unsent = ended.sent() ? null : unsent;
                }
            }
        } finally {
            if (turns) {
                inShell.addAndGet(-millis);
            }
        }
    }

    private record Asked(Connection connection, Future<Frame> answer) {}

    private Asked ask(String callId, @Nullable Payload call) throws HandDied, InterruptedException {
        var connection = line.connection(patience.lost().plus(patience.grace()));
        if (connection == null) {
            var why = death;
            if (why == null && line.closed()) {
                throw new InterruptedException("the service stops");
            }
            why = why == null ? gaveUp("it is not connected") : why;
            throw call == null ? new HandDied(why) : new NotBegun(why);
        }
        return new Asked(connection, call == null
                ? connection.ask(Ask.ATTACH, new Payload().str(callId))
                : connection.ask(Ask.CALL, call));
    }

    private Frame await(Asked asked, long until) throws Connection.Ended, HandDied, InterruptedException {
        while (true) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new HandDied(gaveUp("it did not end a call in time"));
            }
            try {
                return get(asked.answer(), Math.min(left, patience.pingEvery().toNanos()));
            } catch (TimeoutException stillRunning) {
                ping(asked);
            }
        }
    }

    private void ping(Asked asked) throws Connection.Ended, HandDied, InterruptedException {
        try {
            get(asked.connection().ask(Ask.PING, new Payload()), patience.pingWithin().toNanos());
        } catch (TimeoutException silent) {
            if (!asked.answer().isDone()) {
                throw new HandDied(gaveUp("it did not answer for " + Output.seconds(patience.pingWithin())));
            }
        }
    }

    private static Frame get(Future<Frame> answer, long nanos)
            throws Connection.Ended, InterruptedException, TimeoutException {
        try {
            return answer.get(nanos, TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Connection.Ended ended ? ended : new Connection.Ended(true);
        }
    }

    private String gaveUp(String why) {
        whenHung.accept(why);
        return why;
    }

    /** Sends what needs no answer, if there is a connection. Returns at once. */
    void tell(Ask ask, String callId) {
        var connection = line.now();
        if (connection != null) {
            var _ = connection.ask(ask, new Payload().str(callId));
        }
    }
}
