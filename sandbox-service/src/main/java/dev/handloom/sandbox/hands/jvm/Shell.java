package dev.handloom.sandbox.hands.jvm;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bash whose state lasts from call to call: directory, variables, functions, options. One thread at a time may use it,
 * except that any thread may {@link #interrupt} or {@link #close} it.
 */
final class Shell implements AutoCloseable {
    private static final Duration INTERRUPTED_WITHIN = Duration.ofSeconds(1);
    private static final Duration ANSWERS_WITHIN = Duration.ofMillis(20);

    /** @param exit 0 to 255 */
    record Outcome(String output, int exit, String directory) {}

    /** It cannot be used any more; what it ran may have had its effect. */
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1;

        Lost(@Nullable String message) {
            super(message);
        }
    }

    private final Doors doors;
    private final Context room;
    private final Value script;
    private @Nullable StopSign running;

    private Shell(Doors doors, Context room) {
        this.doors = doors;
        this.room = room;
        this.script = room.getBindings("js").getMember("shell");
    }

    /** A new shell that stands in {@code directory}. Takes some tenths of a second, the JVM's first one some seconds. */
    static Shell open(Doors doors, String directory) {
        var room = ShellScript.sealedRoom(doors);
        ShellScript.runIn(room);
        var shell = new Shell(doors, room);
        shell.script.invokeMember("open", directory, JsonMapper.shared().writeValueAsString(JvmLimits.ENVIRONMENT),
                JsonMapper.shared().writeValueAsString(JvmLimits.OF_A_CALL));
        return shell;
    }

    /**
     * Runs a command. When {@code stop} is raised it ends at its next step, with what it had written so far.
     *
     * @throws Lost when it was ended by {@link #interrupt}, or is broken
     */
    Outcome run(String command, StopSign stop) throws Lost, InterruptedException {
        doors.begin(stop);
        running(stop);
        try {
            script.invokeMember("start", command);
            boolean told = false;
            var outcome = script.invokeMember("outcome");
            while (outcome.isNull()) {
                long untilTimerMs = script.invokeMember("runTimers").asLong();
                if (stop.isUp() && !told) {
                    told = true;
                    script.invokeMember("stop");
                } else if (told || untilTimerMs != 0) {
                    pause(stop, told || untilTimerMs < 0 ? ANSWERS_WITHIN : Duration.ofMillis(untilTimerMs));
                }
                outcome = script.invokeMember("outcome");
            }
            return new Outcome(outcome.getMember("output").asString(), outcome.getMember("exit").asInt(),
                    outcome.getMember("cwd").asString());
        } catch (PolyglotException ended) {
            throw new Lost(ended.getMessage());
        } finally {
            running(null);
        }
    }

    private static void pause(StopSign stop, Duration atMost) throws InterruptedException {
        if (stop.isUp()) {
            Thread.sleep(atMost);
        } else {
            stop.await(atMost);
        }
    }

    private synchronized void running(@Nullable StopSign stop) {
        running = stop;
    }

    /** Ends the call that looks at this sign, if it still runs; the shell is lost by that. May have to be repeated. */
    synchronized void interrupt(StopSign stop) {
        if (running == stop) {
            try {
                room.interrupt(INTERRUPTED_WITHIN);
            } catch (TimeoutException _) {
                // It hit between two of the script's jobs, and has to be asked for again.
            }
        }
    }

    @Override
    public void close() {
        room.close(true);
    }
}
