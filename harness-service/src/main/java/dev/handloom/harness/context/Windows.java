package dev.handloom.harness.context;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * How many tokens each model can be given: {@code context/windows.properties}, overridden line by line by the file that
 * {@code handloom.context.windows} names. A name that ends with {@code *} stands for all that begin so; the longest
 * that fits counts.
 */
@Component
public class Windows {
    private static final long TOKENS_LEAST = 1_000;
    private static final long TOKENS_MOST = 100_000_000;

    private final Map<String, Long> tokens = new TreeMap<>();
    private final long otherwise;

    public Windows(ContextSettings settings) {
        otherwise = settings.windowTokens();
        try (var known = Objects.requireNonNull(Windows.class.getResourceAsStream("/context/windows.properties"))) {
            read("windows.properties", known);
            if (settings.windows() != null) {
                try (var own = Files.newInputStream(Path.of(settings.windows()))) {
                    read(settings.windows(), own);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("handloom.context.windows", unreadable);
        }
    }

    private void read(String name, InputStream file) throws IOException {
        var lines = new Properties();
        lines.load(new InputStreamReader(file, StandardCharsets.UTF_8));
        for (var model : lines.stringPropertyNames()) {
            var text = lines.getProperty(model).strip().replace("_", "");
            long window = text.matches("\\d{1,9}") ? Long.parseLong(text) : 0;
            if (window < TOKENS_LEAST || window > TOKENS_MOST) {
                throw new IllegalArgumentException(name + ": " + model + " must be " + TOKENS_LEAST + " to "
                        + TOKENS_MOST + " tokens");
            }
            tokens.put(model, window);
        }
    }

    /** Tokens; a stated, cautious number for models that nobody has named. */
    public long of(String modelId) {
        var exact = tokens.get(modelId);
        if (exact != null) {
            return exact;
        }
        return tokens.entrySet()
                .stream()
                .filter(entry -> entry.getKey().endsWith("*")
                        && modelId.startsWith(entry.getKey().substring(0, entry.getKey().length() - 1)))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(otherwise);
    }
}
