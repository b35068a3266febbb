package dev.handloom.standalone.demo;

import dev.handloom.api.session.SessionId;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Cells;
import dev.handloom.standalone.terminal.Facts;
import dev.handloom.standalone.terminal.Ink;
import dev.handloom.standalone.terminal.Stage;
import dev.handloom.standalone.terminal.Terminal;
import dev.handloom.standalone.terminal.Took;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A session on a server that runs already, or on one that lives as long as the demo. */
public final class Demo {
    private static final int INDENT = 3;

    /**
     * @param url     the server to play on
     * @param scratch on a new one in any case
     * @param data    the data folder of the server; null for the usual one, and for a new server one that is thrown away
     * @param hands   what a new server's tools run in
     * @param model   null to choose from the server's list
     */
    public record Options(
            @Nullable String url,
            boolean scratch,
            @Nullable Path data,
            @Nullable String hands,
            @Nullable String model,
            Duration timeout,
            boolean verbose
    ) {}

    private final Options options;
    private final Terminal terminal;
    private final Totals totals = new Totals();
    private volatile @Nullable Ground ground;
    private volatile @Nullable SessionId session;
    private volatile boolean stopped;

    public Demo(Options options, Terminal terminal) {
        this.options = options;
        this.terminal = terminal;
    }

    /** @return the exit status: 0 when the session came to its end and its tools could run */
    public int play() throws StartFailure {
        try (var stage = new Stage(terminal)) {
            var stop = Thread.ofPlatform().name("stop").unstarted(() -> stop(stage));
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                return play(stage);
            } catch (Failed | Api.Refused | IOException failed) {
                return stopped ? 1 : fail(stage, String.valueOf(failed.getMessage()));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return 1;
            } finally {
                leave();
                forget(stop);
            }
        }
    }

    private int play(Stage stage) throws StartFailure, IOException, InterruptedException, Api.Refused, Failed {
        stage.line(terminal.bold("handloom demo") + "\n");
        stage.goesOn("looking for a platform");
        var found = Search.of(options).ground(stage);
        ground = found;
        var show = new Show(found.api());
        var model = options.model() == null ? show.chooseModel() : options.model();
        var id = show.prepare(model);
        session = id;
        var facts = new Facts();
        found.introduce(facts);
        stage.print(facts.add("session", id.value() + ", model " + model).on(terminal));
        stage.print(request());
        long from = System.nanoTime();
        show.follow(id, new Player(stage), totals, options.timeout());
        stage.line("\n " + terminal.paint(Ink.GREEN, terminal.glyphs().yes()) + " "
                + terminal.bold("done in " + Took.words(Duration.ofNanos(System.nanoTime() - from))) + "\n");
        stage.print(new Closing(terminal).totals(totals));
        if (totals.toolCalls() > 0 && totals.toolFailures() == totals.toolCalls()) {
            throw new Failed("not one tool call succeeded; ./handloom doctor says what is missing");
        }
        stage.print(found.next(new Closing(terminal), id));
        return 0;
    }

    /** The user's turn: the words, and what is attached to them. */
    private String request() {
        var lines = Cells.wrap(Task.REQUEST, terminal.columns() - INDENT);
        return "\n " + terminal.paint(Ink.CYAN, terminal.glyphs().prompt()) + " "
                + terminal.bold(String.join("\n" + " ".repeat(INDENT), lines)) + "\n"
                + " ".repeat(INDENT) + terminal.faint(Task.attached()) + "\n";
    }

    private int fail(Stage stage, String why) {
        stage.rest();
        var line = "\n " + terminal.glyphs().no() + " " + why;
        stage.line(terminal.paint(Ink.RED, line));
        var log = ground == null ? null : ground.keepLog();
        if (log != null) {
            stage.line(" " + terminal.faint("the server's log: " + log));
        }
        return 1;
    }

    /** Ctrl-C. */
    private void stop(Stage stage) {
        stopped = true;
        stage.close();
        terminal.line("\n" + terminal.faint("stopped"));
        leave();
    }

    private synchronized void leave() {
        var here = ground;
        if (here == null) {
            return;
        }
        try (here) {
            if (session != null) {
                here.leave(session);
            }
        } catch (IOException | Api.Refused | RuntimeException stays) {
            System.err.println("handloom: the session could not be closed: " + stays.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            ground = null;
        }
    }

    private static void forget(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException _) {
            // It is running: the process ends anyhow.
        }
    }
}
