package dev.handloom.standalone.turn;

import dev.handloom.standalone.StandaloneApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/** The whole platform in this process, on a free port and with a data folder of its own. */
final class Running implements AutoCloseable {
    static final String KEY = "the-key-of-the-turn-tests";

    private final ConfigurableApplicationContext context;
    private final Path data;

    /** @param settings as on a command line, such as {@code handloom.model.base-url=…} */
    Running(String... settings) {
        try {
            data = Files.createTempDirectory("handloom-turn");
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        var arguments = new ArrayList<>(List.of("--spring.config.name=standalone", "--server.port=0",
                "--handloom.data=" + data, "--handloom.api.key=" + KEY));
        for (var setting : settings) {
            arguments.add("--" + setting);
        }
        context = SpringApplication.run(StandaloneApplication.class, arguments.toArray(String[]::new));
    }

    static Running with(ModelServer model, String... settings) {
        var all = new ArrayList<>(List.of(settings));
        all.add("handloom.model.base-url=" + model.url());
        all.add("handloom.model.api-key=sk-of-the-model");
        return new Running(all.toArray(String[]::new));
    }

    int port() {
        return Objects.requireNonNull(((WebServerApplicationContext) context).getWebServer()).getPort();
    }

    Client client() {
        return new Client(port());
    }

    @Override
    public void close() throws IOException {
        context.close();
        FileSystemUtils.deleteRecursively(data);
    }
}
