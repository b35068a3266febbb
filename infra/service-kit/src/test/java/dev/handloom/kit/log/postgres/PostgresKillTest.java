package dev.handloom.kit.log.postgres;

import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.KillContract;
import dev.handloom.kit.log.Writers;
import java.util.List;

class PostgresKillTest extends KillContract {
    private final String place = PostgresServer.shared().emptyPlace();

    /** Arguments: where the log is, and a name for the round. */
    public static void main(String[] arguments) {
        Writers.start(new PostgresEngine(arguments[0]), arguments[1]);
    }

    @Override
    protected Engine open() {
        return new PostgresEngine(place);
    }

    @Override
    protected List<String> process() {
        return List.of(PostgresKillTest.class.getName(), place);
    }

    @Override
    protected int acknowledgedMost() {
        return 2000;
    }
}
