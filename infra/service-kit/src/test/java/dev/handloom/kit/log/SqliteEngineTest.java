package dev.handloom.kit.log;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The SQLite engine keeps the contract of every log engine. */
class SqliteEngineTest {
    @TempDir
    private Path folder;

    @Nested
    class Appends extends AppendContract {
        @Override
        Engine open() {
            return new SqliteLog(folder);
        }
    }

    @Nested
    class Reads extends ReadContract {
        @Override
        Engine open() {
            return new SqliteLog(folder);
        }
    }

    @Nested
    class Tails extends TailContract {
        @Override
        Engine open() {
            return new SqliteLog(folder);
        }
    }
}
