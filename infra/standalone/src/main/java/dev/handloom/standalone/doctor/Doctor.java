package dev.handloom.standalone.doctor;

import dev.handloom.standalone.doctor.Finding.Verdict;
import dev.handloom.standalone.start.Door;
import dev.handloom.standalone.terminal.Cells;
import dev.handloom.standalone.terminal.Ink;
import dev.handloom.standalone.terminal.Stage;
import dev.handloom.standalone.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Looks at everything the platform needs or can use. */
public record Doctor(Path data, Door door, Terminal terminal) {
    private static final int NAME_CELLS = 14;
    private static final int INDENT = 3;

    /** @return the exit status: 0 when the platform would start */
    public int examine() {
        terminal.line(terminal.bold("handloom doctor") + "\n");
        var findings = new ArrayList<Finding>();
        try (var stage = new Stage(terminal)) {
            stage.goesOn("looking around");
            var machine = new Machine(System.getenv());
            var place = new Place(data, door);
            List<Callable<Finding>> checks = List.of(machine::java, Machine::maven, machine::docker,
                    Machine::bubblewrap, Machine::npm, Machine::compiler, new ModelServer(System.getenv())::look,
                    place::folder, new Safe(data, System.getenv())::masterKey, new Database(System.getenv())::look,
                    place::port);
            try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var check : tasks.invokeAll(checks)) {
                    show(check.get(), findings, stage);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return 1;
            } catch (ExecutionException broken) {
                throw new IllegalStateException(broken.getCause());
            }
            stage.goesOn("starting a platform on trial");
            TrialStart.run().forEach(finding -> show(finding, findings, stage));
        }
        boolean starts = findings.stream().noneMatch(finding -> finding.verdict() == Verdict.FATAL);
        terminal.line("\n " + (starts
                ? terminal.bold("./handloom serve would work")
                : terminal.paint(Ink.RED, "./handloom serve would not start")));
        return starts ? 0 : 1;
    }

    private void show(Finding finding, List<Finding> findings, Stage stage) {
        findings.add(finding);
        var glyphs = terminal.glyphs();
        var sign = switch (finding.verdict()) {
            case GOOD -> terminal.paint(Ink.GREEN, glyphs.yes());
            case ABSENT -> terminal.faint(glyphs.absent());
            case WRONG -> terminal.paint(Ink.YELLOW, glyphs.no());
            case FATAL -> terminal.paint(Ink.RED, glyphs.no());
        };
        var indent = "\n" + " ".repeat(INDENT + NAME_CELLS);
        int cells = terminal.columns() - INDENT - NAME_CELLS;
        var lines = String.join(indent, Cells.wrap(finding.what(), cells));
        var advice = advice(finding.advice(), indent, cells);
        stage.line(
                " " + sign + " " + finding.name() + " ".repeat(NAME_CELLS - finding.name().length()) + lines + advice);
    }

    private String advice(@Nullable String advice, String indent, int cells) {
        if (advice == null) {
            return "";
        }
        var lines = new StringBuilder();
        Cells.wrap(terminal.glyphs().prompt() + " " + advice, cells)
                .forEach(line -> lines.append(indent).append(terminal.paint(Ink.CYAN, line)));
        return lines.toString();
    }
}
