package dev.handloom.standalone.start;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command line may say about the platform. What it leaves out, null, comes from the environment or from
 * standalone.yaml.
 *
 * @param hands   docker, bubblewrap, jvm or auto
 * @param engine  where events are kept; a server that will be thrown away must not touch a shared database
 * @param log     a file for what the server says; null for the terminal
 * @param verbose the frameworks' own logs too, and stack traces
 * @param colour  whether log lines on the terminal may have colours
 */
public record Settings(
        @Nullable Integer port,
        @Nullable String host,
        @Nullable Path data,
        @Nullable String hands,
        @Nullable String engine,
        @Nullable Path log,
        boolean verbose,
        boolean colour
) {
    /** What the banner says already, and what a {@link StartFailure} says better. */
    private static final List<String> SAID_ELSEWHERE = List.of(
            "dev.handloom.harness.model.ModelConfiguration", "dev.handloom.sandbox.execute.HandSelection",
            "org.springframework.boot.SpringApplication",
            "org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter",
            "org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext",
            "org.springframework.boot.tomcat.servlet.DeferredServletContainerInitializers");

    /** As Spring Boot's command line. */
    List<String> arguments() {
        var arguments = new ArrayList<String>();
        add(arguments, "server.port", port);
        add(arguments, "server.address", host);
        add(arguments, "handloom.data", data);
        add(arguments, "handloom.hands.provider", hands);
        add(arguments, "handloom.log", engine);
        add(arguments, "spring.output.ansi.enabled", colour ? "always" : "never");
        if (log != null) {
            add(arguments, "logging.file.name", log);
            add(arguments, "logging.threshold.console", "OFF");
        }
        if (verbose) {
            add(arguments, "logging.level.root", "INFO");
        } else {
            SAID_ELSEWHERE.forEach(logger -> add(arguments, "logging.level." + logger, "OFF"));
        }
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.add("--" + name + "=" + value);
        }
    }
}
