package dev.handloom.standalone.launcher;

import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.standalone.demo.Demo;
import dev.handloom.standalone.doctor.Doctor;
import dev.handloom.standalone.start.Door;
import dev.handloom.standalone.start.Settings;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The command line of {@code ./handloom}: serve, demo, doctor, replay. Exits with 1 when it fails, with 2 when it is misused. */
public final class Handloom {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int PORT_MOST = 65_535;
    private static final int TIMEOUT_SECONDS_MOST = 86_400;
    private static final Duration TIMEOUT_USUAL = Duration.ofMinutes(10);
    private static final List<String> HANDS = hands();

    private Handloom() {}

    public static void main(String[] arguments) {
        // Standing here as well as in the launcher script, for those who run the jar by hand.
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        var words = List.of(arguments);
        try {
            var command = words.isEmpty() ? "help" : words.getFirst();
            var options = words.isEmpty() ? words : words.subList(1, words.size());
            if (options.contains("--help") || options.contains("-h")) {
                command = "help";
            }
            switch (command) {
                case "serve" -> serve(options);
                case "demo" -> System.exit(demo(options));
                case "doctor" -> System.exit(doctor(options));
                case "replay" -> {
                    var terminal = Terminal.standard();
                    terminal.out().print(ReplayFiles.read(options).report());
                    terminal.out().flush();
                }
                case "version", "--version" -> System.out.println("handloom " + Version.TEXT);
                case "help", "--help", "-h" -> System.out.print(help());
                default -> throw new Misuse("unknown command: " + command);
            }
        } catch (Misuse misuse) {
            System.err.println("handloom: " + misuse.getMessage() + " (./handloom help)");
            System.exit(MISUSED);
        } catch (StartFailure failure) {
            System.err.println("handloom: " + failure.getMessage());
            System.exit(failure.misuse() ? MISUSED : FAILED);
        }
    }

    private static void serve(List<String> typed) throws StartFailure {
        var options = Arguments.read(typed, Set.of("--port", "--host", "--data", "--hands"), Set.of("--verbose"));
        var terminal = Terminal.standard();
        new Serve(new Settings(
                options.number("--port", 0, PORT_MOST), options.text("--host"), options.path("--data"),
                options.oneOf("--hands", HANDS), null, null, options.has("--verbose"), terminal.colour()), terminal)
                .run();
    }

    private static int demo(List<String> typed) throws StartFailure {
        var options = Arguments.read(typed, Set.of("--url", "--data", "--hands", "--model", "--timeout"),
                Set.of("--scratch", "--verbose"));
        if (options.has("--scratch") && (options.has("--url") || options.has("--data"))) {
            throw new Misuse("--scratch means a new server in a new folder: it goes with neither --url nor --data");
        }
        return new Demo(new Demo.Options(
                options.text("--url"), options.has("--scratch"), options.path("--data"),
                options.oneOf("--hands", HANDS), options.text("--model"),
                Objects.requireNonNullElse(options.seconds("--timeout", 1, TIMEOUT_SECONDS_MOST), TIMEOUT_USUAL),
                options.has("--verbose")), Terminal.standard()).play();
    }

    private static int doctor(List<String> typed) {
        var options = Arguments.read(typed, Set.of("--port", "--host", "--data"), Set.of("--verbose"));
        var port = Objects.requireNonNullElse(options.number("--port", 1, PORT_MOST), Door.PORT_USUAL);
        var host = Objects.requireNonNullElse(options.text("--host"), Door.HOST_USUAL);
        return new Doctor(Objects.requireNonNullElseGet(options.path("--data"), Handloom::usualData),
                new Door(host, port), Terminal.standard()).examine();
    }

    private static Path usualData() {
        var named = System.getenv().getOrDefault("HANDLOOM_DATA", "");
        return named.isBlank()
                ? Path.of(System.getProperty("user.home"), ".handloom")
                : Path.of(named).toAbsolutePath();
    }

    private static List<String> hands() {
        var names = new ArrayList<>(HandsSettings.PROVIDERS);
        names.addFirst("auto");
        return List.copyOf(names);
    }

    private static String help() {
        try (var text = Handloom.class.getResourceAsStream("/launcher/help.txt")) {
            return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
