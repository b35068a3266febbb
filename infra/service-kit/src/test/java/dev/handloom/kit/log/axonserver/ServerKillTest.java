package dev.handloom.kit.log.axonserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.SessionLog.Outcome;
import dev.handloom.api.session.SessionLog.Writing;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.LogUnavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: the death of the server costs nothing that was acknowledged, and the writers go on when it is back. Method: it is
 * killed with SIGKILL under sixteen writers, who repeat what is unclear with the same ids, and started again. Once the
 * engine waits until it is back; once it soon gives up and its callers try again.
 */
@EnabledIfEnvironmentVariable(named = ServerProcess.COMMAND, matches = ".+", disabledReason = ServerProcess.SKIPPED)
class ServerKillTest {
    private static final int WRITERS = 16;
    private static final int BEFORE = 40;
    private static final int AFTER = 1000;
    private static final Duration START_MAX = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;
    private static ServerProcess server;

    /** What the writers were told. */
    private final AtomicInteger unknown = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger duplicates = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        server = new ServerProcess(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        server.kill();
    }

    private static AxonServerSettings reach(Duration patience) {
        return new AxonServerSettings(List.of(server.address()), "default", null, null, false, null, patience,
                AxonServerLog.EVENT_MAX);
    }

    @ParameterizedTest(name = "patience {0}")
    @ValueSource(strings = {"PT1S", "PT3M"})
    void what_was_acknowledged_is_there_once_without_a_hole_and_the_writers_go_on(String patience) throws Exception {
        var suffix = AxonServerLog.Place.fresh(reach(START_MAX)).suffix();
        var place = new AxonServerLog.Place(reach(Duration.parse(patience)), suffix, 0);
        var heard = new ConcurrentLinkedQueue<SessionLog.Entry>();
        try (var log = new AxonServerLog(place); var tail = log.sessions().tail(heard::add)) {
            assertThat(tail).isNotNull();
            var half = new CountDownLatch(WRITERS * BEFORE);
            EngineContract.together(Stream.concat(Stream.of((Callable<Boolean>) () -> killAndStartAgain(half)),
                    IntStream.range(0, WRITERS)
                            .mapToObj(writer -> () -> write(log.sessions(), session(writer), half)))
                    .toList());
            for (int writer = 0; writer < WRITERS; writer++) {
                var stored = OtherProcessTest.all(log.sessions(), session(writer));
                assertThat(stored).extracting(SessionLog.Entry::position)
                        .isEqualTo(EngineContract.upTo(BEFORE + AFTER));
                assertThat(stored).extracting(entry -> EngineContract.textOf(entry.event()))
                        .isEqualTo(EngineContract.upTo(BEFORE + AFTER).stream().map(String::valueOf).toList());
                log.catchUp();
                assertThat(OtherProcessTest.of(session(writer), heard)).isEqualTo(stored);
            }
            System.out.printf("patience %s: %d unknown, %d unavailable, %d duplicates%n", patience, unknown.get(),
                    unavailable.get(), duplicates.get());
        }
    }

    private static SessionId session(int writer) {
        return new SessionId("sesn_k" + writer);
    }

    private static boolean killAndStartAgain(CountDownLatch half) throws Exception {
        assertThat(half.await(START_MAX.toSeconds(), TimeUnit.SECONDS)).isTrue();
        server.kill();
        server.startAgain();
        return true;
    }

    /** Without a pause, so that some appends are under way when the server dies. */
    private boolean write(SessionLog log, SessionId session, CountDownLatch half) {
        for (long position = 1; position <= BEFORE + AFTER; position++) {
            append(log, session, position);
            half.countDown();
        }
        return true;
    }

    private void append(SessionLog log, SessionId session, long position) {
        var text = String.valueOf(position);
        var writing = List.of(new Writing(session + " " + text, EngineContract.said(session, text), Map.of()));
        while (true) {
            try {
                switch (log.append(session, position - 1, writing)) {
                    case Outcome.Appended _ -> {
                        return;
                    }
                    case Outcome.Duplicate _ -> {
                        duplicates.incrementAndGet();
                        return;
                    }
                    case Outcome.Conflict taken -> throw new AssertionError(session + " " + position + ": " + taken);
                    case Outcome.Unknown _ -> unknown.incrementAndGet();
                }
            } catch (LogUnavailable _) {
                unavailable.incrementAndGet();
            }
        }
    }
}
