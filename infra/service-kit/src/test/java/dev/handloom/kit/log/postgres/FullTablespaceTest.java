package dev.handloom.kit.log.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.SmallDisk;
import dev.handloom.kit.log.StorageFull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk refuses writes and costs no event. Method: the table stands on a file system of a few megabytes. */
class FullTablespaceTest {
    private final PostgresServer server = PostgresServer.shared();
    private final String place = server.emptyPlace();

    @TempDir
    private Path folder;

    @Test
    void appends_are_refused_and_reads_go_on_and_appends_work_again_once_there_is_room() throws Exception {
        var schema = place.replaceFirst(".*=", "");
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 6); var log = new PostgresEngine(place)) {
            var space = Files.createDirectory(disk.folder().resolve("space"));
            server.run("create tablespace " + schema + " location '" + space + "'");
            server.run("alter table " + schema + ".event set tablespace " + schema);
            disk.leaveFree(1 << 20);
            long head = 0;
            StorageFull full = null;
            while (full == null) {
                try {
                    append(log, head + 1);
                    head++;
                } catch (StorageFull refused) {
                    full = refused;
                }
            }
            long last = head;
            assertThat(last).isPositive();
            assertThatThrownBy(() -> append(log, last + 1)).isInstanceOf(StorageFull.class);
            assertThat(log.sessions().slice(EngineContract.ONE, 1, 1000)).hasSize((int) last);
            disk.free();
            append(log, last + 1);
            assertThat(log.sessions().head(EngineContract.ONE)).isEqualTo(last + 1);
            server.run("alter table " + schema + ".event set tablespace pg_default");
            server.run("drop tablespace " + schema);
        }
    }

    /** Random text, because the database compresses. */
    private static void append(PostgresEngine log, long position) {
        var text = new StringBuilder();
        new Random(position).ints(6000, 'a', 'z').forEach(text::appendCodePoint);
        log.store()
                .publish(List.of(EngineContract.message(position,
                        EngineContract.said(EngineContract.ONE, text.toString()))));
    }
}
