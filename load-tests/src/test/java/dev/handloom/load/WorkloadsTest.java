package dev.handloom.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.load.measure.Cpu;
import dev.handloom.load.measure.Disk;
import dev.handloom.load.measure.Machine;
import dev.handloom.load.report.Result;
import dev.handloom.load.report.ResultFolder;
import dev.handloom.load.workload.Bench;
import dev.handloom.load.workload.Plan;
import dev.handloom.load.workload.Target;
import dev.handloom.load.workload.Workload;
import dev.handloom.standalone.StandaloneApplication;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each workload, as short as it goes, against a server in this process. How fast anything is does not matter here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsTest {
    private static final String KEY = "the-test-key";
    private static final Plan SHORT = new Plan(Duration.ZERO, Duration.ofMillis(200), 1, List.of(1, 2), List.of(1), 20,
            4, 2, 5, 10, 100);

    private Path folder;
    private ConfigurableApplicationContext server;
    private Machine machine;
    private Target target;
    private ResultFolder results;

    @BeforeAll
    void start(@TempDir Path scratch) throws IOException {
        folder = scratch;
        server = SpringApplication.run(StandaloneApplication.class, "--spring.config.name=standalone",
                "--server.port=0", "--handloom.data=" + folder.resolve("data"), "--handloom.api.key=" + KEY,
                "--handloom.model.base-url=", "--handloom.model.api-key=", "--handloom.model.auth-token=",
                "--handloom.model.rehearsal=", "--handloom.hands.provider=jvm");
        var disk = new Disk(folder);
        machine = Machine.look(disk);
        target = new Target(
                URI.create("http://127.0.0.1:" + server.getEnvironment().getRequiredProperty("local.server.port")),
                KEY, Cpu.ofThisProcess(), disk, "unknown");
        results = new ResultFolder(folder.resolve("results"), folder.resolve("RESULTS.md"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /** What its result file holds once it has run. */
    private JsonNode measured(String name) throws IOException, InterruptedException {
        var workload = Workload.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        try (var bench = new Bench(target, SHORT, new PrintStream(OutputStream.nullOutputStream()))) {
            results.write(name, new Result(machine, "none", "in this process", workload.run(bench)));
        }
        var result = JsonMapper.shared().readTree(Files.readString(folder.resolve("results").resolve(name + ".json")));
        assertThat(result.at("/machine/cores").asInt()).isPositive();
        assertThat(result.at("/machine/fsync/count").asInt()).isPositive();
        assertThat(result.at("/measured/workload").asString()).isEqualTo(name);
        return result.path("measured");
    }

    @Test
    void every_client_of_a_fan_out_sees_every_event_once() throws Exception {
        var measured = measured("fan-out");
        assertThat(measured.path("gaps").asInt()).isZero();
        assertThat(measured.at("/delivery/count").asInt()).isEqualTo(5 * 10);
        assertThat(measured.at("/idleConnectMs/count").asInt()).isEqualTo(100);
    }

    @Test
    void turns_are_counted_at_every_number_of_sessions() throws Exception {
        var levels = measured("turns").path("levels");
        assertThat(levels.size()).isEqualTo(2);
        for (var level : levels) {
            assertThat(level.path("turns").asLong()).isGreaterThanOrEqualTo(level.path("sessions").asLong());
            assertThat(level.at("/turn/count").asLong()).isEqualTo(level.path("turns").asLong());
            assertThat(level.at("/firstAgentEvent/count").asLong()).isEqualTo(level.path("turns").asLong());
            assertThat(level.at("/firstAgentEvent/max").asDouble()).isPositive();
            assertThat(level.path("serverCpuMsPerTurn").isNumber()).isTrue();
        }
    }

    @Test
    void every_acknowledged_append_is_found_in_the_history() throws Exception {
        var append = measured("append");
        assertThat(append.path("stored").asInt()).isEqualTo(SHORT.appends());
        assertThat(append.at("/append/count").asInt()).isEqualTo(SHORT.appends());
        assertThat(append.at("/disk/count").asInt()).isPositive();
        assertThat(append.at("/windows/0/from").asInt()).isEqualTo(1);
        assertThat(append.at("/windows/9/to").asInt()).isEqualTo(SHORT.appends());
    }

    @Test
    void a_long_sessions_end_is_held_against_its_beginning() throws Exception {
        var measured = measured("long-session");
        assertThat(measured.path("turns").asInt()).isEqualTo(SHORT.longTurns());
        assertThat(measured.path("growth").asDouble()).isPositive();
        assertThat(measured.path("sessions").size()).isEqualTo(SHORT.rounds());
    }

    @Test
    void tools_are_measured_or_skipped_with_a_reason() throws Exception {
        var tools = measured("tools");
        if (tools.path("skipped").isNull()) {
            assertThat(tools.path("levels").size()).isEqualTo(1);
            assertThat(tools.path("firstCallMs").asDouble()).isPositive();
        } else {
            assertThat(tools.path("skipped").asString()).isNotBlank();
            assertThat(tools.path("levels").isEmpty()).isTrue();
        }
    }

    @Test
    void the_page_says_of_every_goal_whether_it_is_met() throws Exception {
        measured("append");
        results.summarise();
        assertThat(Files.readString(folder.resolve("RESULTS.md")))
                .contains("| append of one event", "crash → session moves again", "not measured: ")
                .containsPattern("(met|not met[^|]*) +\\|\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"everything", "--rounds 0", "--rounds many", "--appends", "--url ftp://x", "--url http://x"})
    void a_command_line_that_makes_no_sense_is_refused(String words) {
        assertThatThrownBy(() -> Arguments.of(words.split(" ")))
                .isInstanceOf(Arguments.Unusable.class);
    }
}
