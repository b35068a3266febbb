package dev.handloom.standalone.terminal;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Prints for good, and under it, on a live terminal, one line that is drawn again while something goes on. What is over
 * before the first beat never shows, so nothing flickers.
 */
public final class Stage implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(100);
    private static final String WIPE = "\r\033[K";
    private static final String HIDE_CURSOR = "\033[?25l";
    private static final String SHOW_CURSOR = "\033[?25h";
    /** Spinner, spaces and the time beside the text. */
    private static final int AROUND_CELLS = 14;

    private record Activity(String text, long sinceNanos) {}

    private final Terminal terminal;
    private final @Nullable ScheduledExecutorService beats;
    private @Nullable Activity activity;
    private boolean drawn;
    private long beatsDrawn;
    private boolean closed;

    public Stage(Terminal terminal) {
        this(terminal, BEAT);
    }

    /** @param beat how often the line is drawn */
    public Stage(Terminal terminal, Duration beat) {
        this.terminal = terminal;
        if (!terminal.live()) {
            beats = null;
            return;
        }
        terminal.out().print(HIDE_CURSOR);
        beats = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("beat").factory());
        var _ = beats.scheduleAtFixedRate(this::draw, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    }

    public Terminal terminal() {
        return terminal;
    }

    /** Something goes on from now until the next activity, or until {@link #rest()}. */
    public synchronized void goesOn(String text) {
        activity = new Activity(text, System.nanoTime());
    }

    public synchronized void rest() {
        activity = null;
        wipe();
        terminal.out().flush();
    }

    public synchronized void print(String text) {
        if (closed) {
            return;
        }
        wipe();
        terminal.out().print(text);
        terminal.out().flush();
    }

    public void line(String text) {
        print(text + "\n");
    }

    private void wipe() {
        if (drawn) {
            terminal.out().print(WIPE);
            drawn = false;
        }
    }

    private synchronized void draw() {
        var now = activity;
        if (now == null || closed) {
            return;
        }
        var time = Took.words(Duration.ofNanos(System.nanoTime() - now.sinceNanos()));
        var text = Cells.cut(now.text(), terminal.columns() - AROUND_CELLS, terminal.glyphs().more());
        terminal.out()
                .print(WIPE + " " + terminal.paint(Ink.CYAN, terminal.glyphs().spin(beatsDrawn++)) + " " + text + " "
                        + terminal.faint(time));
        terminal.out().flush();
        drawn = true;
    }

    /** Leaves the terminal as it was, and lets nothing more be printed. Safe to call twice. */
    @Override
    public synchronized void close() {
        rest();
        closed = true;
        if (beats != null) {
            beats.shutdownNow();
            terminal.out().print(SHOW_CURSOR);
            terminal.out().flush();
        }
    }
}
