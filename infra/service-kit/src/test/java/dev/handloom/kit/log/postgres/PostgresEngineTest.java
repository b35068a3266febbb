package dev.handloom.kit.log.postgres;

import dev.handloom.kit.log.AppendContract;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.OutcomeContract;
import dev.handloom.kit.log.ReadContract;
import dev.handloom.kit.log.TailContract;
import org.junit.jupiter.api.Nested;

/** The PostgreSQL engine keeps the contract of every log engine. */
class PostgresEngineTest {
    private final String place = PostgresServer.shared().emptyPlace();

    @Nested
    class Appends extends AppendContract {
        @Override
        protected Engine open() {
            return new PostgresEngine(place);
        }
    }

    @Nested
    class Outcomes extends OutcomeContract {
        @Override
        protected Engine open() {
            return new PostgresEngine(place);
        }
    }

    @Nested
    class Reads extends ReadContract {
        @Override
        protected Engine open() {
            return new PostgresEngine(place);
        }
    }

    @Nested
    class Tails extends TailContract {
        @Override
        protected Engine open() {
            return new PostgresEngine(place);
        }
    }
}
