package dev.handloom.load;

import dev.handloom.load.measure.Cpu;
import dev.handloom.load.measure.Disk;
import dev.handloom.load.measure.Machine;
import dev.handloom.load.report.Result;
import dev.handloom.load.report.ResultFolder;
import dev.handloom.load.report.Tables;
import dev.handloom.load.workload.Bench;
import dev.handloom.load.workload.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Runs the workloads that were asked for, one after the other, on one server. */
public final class LoadTests {
    private LoadTests() {}

    public static void main(String[] words) throws InterruptedException {
        if (List.of(words).contains("--help")) {
            System.out.print(Arguments.USAGE);
            return;
        }
        try {
            run(Arguments.of(words), System.out);
        } catch (Arguments.Unusable wrong) {
            System.err.println(wrong.getMessage() + "\n" + Arguments.USAGE);
            System.exit(2);
        } catch (IOException failed) {
            System.err.println("the load test failed: " + failed.getMessage());
            System.exit(1);
        }
    }

    private static void run(Arguments asked, PrintStream out) throws IOException, InterruptedException {
        Files.createDirectories(asked.data());
        var machine = Machine.look(new Disk(asked.data()));
        out.print(Tables.of(machine));
        var url = asked.url();
        if (url != null) {
            run(asked, machine, "a running one", new Target(url, Objects.requireNonNull(asked.key()),
                    new Cpu(asked.pid()), new Disk(asked.data()), "not known"), out);
            return;
        }
        try (var server = new OwnServer(asked.jar(), asked.data(), asked.jvm(), Map.of())) {
            run(asked, machine, "one process, started for this" + (asked.jvm().isEmpty()
                    ? ""
                    : ", JVM options " + String.join(" ", asked.jvm())), server.target(), out);
        }
    }

    private static void run(Arguments asked, Machine machine, String server, Target target, PrintStream out)
            throws IOException, InterruptedException {
        var folder = new ResultFolder(asked.results(), asked.page());
        try (var bench = new Bench(target, asked.plan(), out)) {
            for (var workload : asked.workloads()) {
                var measured = workload.run(bench);
                folder.write(workload.name(), new Result(machine, asked.code(), server, measured));
                out.println("\n" + workload.name() + "\n" + Tables.of(measured));
            }
        }
        folder.summarise();
        out.println("written to " + asked.results() + " and " + asked.page()
                + "; the client shared the cores with the server");
    }
}
