package dev.handloom.kit.log.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.kit.log.Engine;
import dev.handloom.kit.log.KillContract;
import dev.handloom.kit.log.Writers;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class SqliteKillTest extends KillContract {
    @TempDir
    private static Path folder;

    /** Arguments: the folder, and a name for the round. */
    public static void main(String[] arguments) {
        Writers.start(new SqliteLog(Path.of(arguments[0])), arguments[1]);
    }

    @Override
    protected Engine open() {
        return new SqliteLog(folder);
    }

    @Override
    protected List<String> process() {
        return List.of(SqliteKillTest.class.getName(), folder.toString());
    }

    @Override
    protected void assertThatItIsSound() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var check = connection.createStatement();
                var answer = check.executeQuery("pragma integrity_check")) {
            assertThat(answer.getString(1)).isEqualTo("ok");
        }
    }
}
