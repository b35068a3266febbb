package dev.handloom.kit.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.EngineContract;
import dev.handloom.kit.log.StorageFull;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that may not grow is a full disk too: {@link DiskFullTest} where nobody may mount. */
class FileLimitTest {
    private final AtomicInteger pagesMax = new AtomicInteger(200);

    @TempDir
    private Path folder;

    private static void append(Engine log, long position) {
        log.store()
                .publish(java.util.List.of(EngineContract.message(position,
                        EngineContract.said(EngineContract.ONE, "x".repeat(3000)))));
    }

    @Test
    void appends_are_refused_until_the_file_may_grow_again() {
        var file = new EventFile(folder.resolve("events.db")) {
            @Override
            Connection forWriting() throws SQLException {
                var connection = super.forWriting();
                try (var statement = connection.createStatement()) {
                    statement.execute("pragma max_page_count = " + pagesMax.get());
                }
                return connection;
            }
        };
        try (var log = new SqliteLog(file)) {
            assertThatThrownBy(() -> {
                for (long position = 1;; position++) {
                    append(log, position);
                }
            }).isInstanceOf(StorageFull.class);
            long head = log.sessions().head(EngineContract.ONE);
            assertThat(head).isPositive();
            assertThat(log.sessions().slice(EngineContract.ONE, 1, 1000)).hasSize(Math.toIntExact(head));
            pagesMax.set(10_000);
            assertThatThrownBy(() -> append(log, head)).isInstanceOf(RuntimeException.class);
            append(log, head + 1);
            assertThat(log.sessions().head(EngineContract.ONE)).isEqualTo(head + 1);
        }
    }
}
