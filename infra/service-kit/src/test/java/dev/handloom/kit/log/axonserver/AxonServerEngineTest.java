package dev.handloom.kit.log.axonserver;

import dev.handloom.kit.log.AppendContract;
import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.OutcomeContract;
import dev.handloom.kit.log.ReadContract;
import dev.handloom.kit.log.TailContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The engine on an Axon Server keeps the contract of every log engine, but for what needs deletion. */
@EnabledIfEnvironmentVariable(named = AxonServerLog.ADDRESS, matches = ".+", disabledReason = AxonServerLog.SKIPPED)
class AxonServerEngineTest {
    @Nested
    class Appends extends AppendContract {
        private final AxonServerLog.Place place = AxonServerLog.Place.fresh();

        @Override
        protected Engine open() {
            return new AxonServerLog(place);
        }
    }

    @Nested
    class Outcomes extends OutcomeContract {
        private final AxonServerLog.Place place = AxonServerLog.Place.fresh();

        @Override
        protected Engine open() {
            return new AxonServerLog(place);
        }
    }

    @Nested
    class Reads extends ReadContract {
        private final AxonServerLog.Place place = AxonServerLog.Place.fresh();

        @Override
        protected Engine open() {
            return new AxonServerLog(place);
        }
    }

    @Nested
    class Tails extends TailContract {
        private final AxonServerLog.Place place = AxonServerLog.Place.fresh();

        @Override
        protected Engine open() {
            return new AxonServerLog(place);
        }
    }
}
