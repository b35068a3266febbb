package dev.handloom.load.report;

import dev.handloom.load.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The newest result of each workload, one JSON file each, and the page made from them. */
public record ResultFolder(Path folder, Path page) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public void write(String workload, Result result) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(file(workload), JSON.writeValueAsString(result) + "\n");
    }

    /** By workload, in the order of {@link Workload#ALL}. */
    public Map<String, Result> read() throws IOException {
        var results = new LinkedHashMap<String, Result>();
        for (var workload : Workload.ALL) {
            var file = file(workload.name());
            if (Files.exists(file)) {
                results.put(workload.name(), JSON.readValue(Files.readString(file), Result.class));
            }
        }
        return results;
    }

    /** Writes the page anew. */
    public void summarise() throws IOException {
        Files.writeString(page, Page.of(read()));
    }

    private Path file(String workload) {
        return folder.resolve(workload + ".json");
    }
}
