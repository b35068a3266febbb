package dev.handloom.standalone.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor says where the master key comes from, and whether it is kept as a key should be. */
class SafeTest {
    @TempDir
    private Path data;

    @Test
    void the_master_key_comes_from_the_environment_or_from_its_file_or_is_still_to_be_made() throws IOException {
        var safe = new Safe(data, Map.of());
        assertThat(safe.masterKey().what()).contains("first start").contains("master.key");
        Files.writeString(data.resolve("master.key"), "k");
        Files.setPosixFilePermissions(data.resolve("master.key"), PosixFilePermissions.fromString("rw-------"));
        assertThat(safe.masterKey().verdict()).isEqualTo(Finding.Verdict.GOOD);
        Files.setPosixFilePermissions(data.resolve("master.key"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(safe.masterKey().verdict()).isEqualTo(Finding.Verdict.WRONG);
        assertThat(safe.masterKey().advice()).startsWith("chmod 600");
        assertThat(new Safe(data, Map.of("HANDLOOM_MASTER_KEY", "secret")).masterKey().what())
                .isEqualTo("from HANDLOOM_MASTER_KEY");
    }
}
