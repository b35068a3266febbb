package dev.handloom.kit.log.sqlite;

import dev.handloom.kit.log.AppendContract;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.OutcomeContract;
import dev.handloom.kit.log.ReadContract;
import dev.handloom.kit.log.TailContract;

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
        protected Engine open() {
            return new SqliteLog(folder);
        }
    }

    @Nested
    class Outcomes extends OutcomeContract {
        @Override
        protected Engine open() {
            return new SqliteLog(folder);
        }
    }

    @Nested
    class Reads extends ReadContract {
        @Override
        protected Engine open() {
            return new SqliteLog(folder);
        }
    }

    @Nested
    class Tails extends TailContract {
        @Override
        protected Engine open() {
            return new SqliteLog(folder);
        }
    }
}
