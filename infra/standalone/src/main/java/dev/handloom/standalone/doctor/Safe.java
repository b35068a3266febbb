package dev.handloom.standalone.doctor;

import dev.handloom.kit.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where the key lies that opens the keys of all sessions. */
record Safe(Path data, Map<String, String> environment) {
    private static final String NAME = "master key";
    private static final String VARIABLE = "HANDLOOM_MASTER_KEY";

    Finding masterKey() {
        if (!environment.getOrDefault(VARIABLE, "").isBlank()) {
            return Finding.good(NAME, "from " + VARIABLE);
        }
        var file = data.resolve(MasterKey.FILE);
        if (!Files.exists(file)) {
            return Finding.good(NAME, "made at the first start, in " + file);
        }
        try {
            return MasterKey.isOpenToOthers(file)
                    ? Finding.wrong(NAME, "from " + file + ", which is open to others", "chmod 600 " + file)
                    : Finding.good(NAME, "from " + file + "; without a copy of it, no backup can be read");
        } catch (IOException | UnsupportedOperationException unknown) {
            return Finding.wrong(NAME, file + " cannot be looked at: " + unknown.getMessage(), "chmod 600 " + file);
        }
    }
}
