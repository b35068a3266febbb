package dev.handloom.kit.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.kit.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version sealed, this one opens. The approved file holds keys and payloads, as they were stored. */
class SealedForEverTest {
    @TempDir
    private Path folder;

    private static Map<String, String> approved() throws IOException {
        try (var text = SealedForEverTest.class.getResourceAsStream("/golden/sealed.txt")) {
            var lines = new HashMap<String, String>();
            new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .forEach(line -> lines.put(line[0], line[1]));
            return lines;
        }
    }

    private static byte[] hex(Map<String, String> approved, String name) {
        return HexFormat.of().parseHex(Objects.requireNonNull(approved.get(name), name));
    }

    @Test
    void both_forms_open_with_the_key_they_were_sealed_with() throws IOException {
        var approved = approved();
        var data = new DataFolder(folder);
        var master = approved.get("master_key");
        Seal.open(data, master).close();
        try (var file = new KeyFile(data)) {
            file.add("sesn_golden", hex(approved, "wrapped_key"));
        }
        var blob = hex(approved, "blob");
        Files.createDirectories(folder.resolve("blobs/sesn_golden"));
        Files.write(folder.resolve("blobs/sesn_golden").resolve(Objects.requireNonNull(approved.get("blob_name"))),
                blob);
        try (var seal = Seal.open(data, master)) {
            for (var form : new String[]{"within", "beside"}) {
                assertThat(new String(seal.open(hex(approved, form)), StandardCharsets.UTF_8)).as(form)
                        .isEqualTo(approved.get("plain"));
            }
        }
    }
}
