package dev.handloom.standalone.demo;

import dev.handloom.kit.http.ApiKey;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Stage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides where the demo plays: on the server that was named, on one that runs here, or on a new one. */
record Search(Demo.Options options, Map<String, String> environment) {
    private static final String USUAL = "http://127.0.0.1:4280";
    private static final String KEY = "HANDLOOM_API_KEY";
    /** Anything that asks for the key will do. */
    private static final String PROBE = "/v1/environments?limit=1";
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int UNAUTHENTICATED = 401;

    static Search of(Demo.Options options) {
        return new Search(options, System.getenv());
    }

    Ground ground(Stage stage) throws StartFailure, IOException, InterruptedException, Failed {
        var url = options.url() == null ? environment.getOrDefault("HANDLOOM_BASE_URL", "") : options.url();
        if (!url.isBlank() && !options.scratch()) {
            return named(url.strip());
        }
        var running = options.scratch() || options.hands() != null ? Optional.<Ground>empty() : usual();
        if (running.isPresent()) {
            return running.get();
        }
        stage.goesOn("starting a platform");
        return Ground.Made.start(options, words());
    }

    /** A server that answers at the usual place and takes the key found here. */
    private Optional<Ground> usual() throws InterruptedException {
        try {
            var key = key();
            if (key == null) {
                return Optional.empty();
            }
            var api = new Api(URI.create(USUAL), key);
            api.get(PROBE, PATIENCE);
            return Optional.of(new Ground.Found(api, words()));
        } catch (IOException | Api.Refused _) {
            return Optional.empty();
        }
    }

    private Ground named(String url) throws Failed, InterruptedException {
        if (!url.matches("https?://[^\\s?#]+")) {
            throw new Failed("not an http or https URL: " + url);
        }
        try {
            var key = key();
            if (key == null) {
                throw new Failed("set " + KEY + " to the key of the server at " + url);
            }
            var api = new Api(URI.create(url), key);
            api.get(PROBE, PATIENCE);
            return new Ground.Found(api, words());
        } catch (Api.Refused refused) {
            throw new Failed(refused.status() == UNAUTHENTICATED
                    ? "the server at " + url + " does not take the key; set " + KEY
                    : "the server at " + url + " refuses: " + refused.getMessage());
        } catch (IOException | IllegalArgumentException silent) {
            throw new Failed("no server answers at " + url + ": " + silent);
        }
    }

    private @Nullable String key() throws IOException {
        var given = environment.getOrDefault(KEY, "");
        if (!given.isBlank()) {
            return given.strip();
        }
        return Files.isReadable(file()) ? Files.readString(file()).strip() : null;
    }

    /** The key as a shell finds it. */
    private String words() {
        var home = System.getProperty("user.home");
        var file = file().toString();
        return !environment.getOrDefault(KEY, "").isBlank()
                ? "$" + KEY
                : "$(cat " + (file.startsWith(home + "/") ? "~" + file.substring(home.length()) : file) + ")";
    }

    private Path file() {
        var named = environment.getOrDefault("HANDLOOM_DATA", "");
        var folder = options.data() != null
                ? options.data()
                : named.isBlank() ? Path.of(System.getProperty("user.home"), ".handloom") : Path.of(named);
        return folder.resolve(ApiKey.FILE);
    }
}
