package dev.handloom.standalone.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Sessions are kept as long as their agent says, and no longer. The clock is moved by hand. */
class RetentionTest {
    private static final MovedClock CLOCK = new MovedClock();

    @TempDir
    private static Path folder;
    private static Platform platform;

    private static final class MovedClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        void move(Duration further) {
            ahead = ahead.plus(further);
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Time {
        @Bean
        @Primary
        Clock movedClock() {
            return CLOCK;
        }
    }

    @BeforeAll
    static void start() {
        platform = Platform.with(List.of(Time.class), folder, "handloom.retention.sweep-every=1s");
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static String agent(String kept) {
        return """
                {"name":"weaver","model":"rehearsal","metadata":{"handloom.retention":"%s"}}""".formatted(kept);
    }

    private static boolean isThere(String session) {
        return platform.send("GET", "/v1/sessions/" + session, "").statusCode() == 200;
    }

    private static String rested(String agent, String environment) {
        var session = platform.newSession(agent, environment);
        assertThat(platform.say(session, "hello").statusCode()).isEqualTo(200);
        platform.rests(session, 1);
        return session;
    }

    @Test
    void what_has_rested_for_longer_than_its_agent_says_is_deleted_and_nothing_else() {
        var environment = platform.newEnvironment();
        var month = platform.newId("/v1/agents", agent("P30D"));
        var days = platform.newId("/v1/agents", agent("3"));
        var forEver = rested(platform.newAgent(), environment);
        var old = rested(month, environment);
        var archived = rested(days, environment);
        assertThat(platform.post("/v1/sessions/" + archived + "/archive", "").statusCode()).isEqualTo(200);
        var working = platform.newSession(days, environment);
        assertThat(platform.say(working, "{\\\"rehearse\\\":[{\\\"fault\\\":{\\\"hang\\\":true}}]}").statusCode())
                .isEqualTo(200);

        CLOCK.move(Duration.ofDays(4));
        Platform.eventually("the archived one is gone", () -> !isThere(archived));
        assertThat(List.of(forEver, old, working)).allMatch(RetentionTest::isThere);
        var young = rested(month, environment);

        CLOCK.move(Duration.ofDays(27));
        Platform.eventually("the old one is gone", () -> !isThere(old));
        assertThat(List.of(forEver, young, working)).allMatch(RetentionTest::isThere);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "0", "-3", "PT23H", "P1Y", "P4000D", "99999"})
    void an_agent_that_says_it_in_no_way_we_know_is_refused(String kept) {
        var made = platform.post("/v1/agents", agent(kept));
        assertThat(made.statusCode()).isEqualTo(400);
        assertThat(made.body()).contains("metadata.handloom.retention");
        var agent = platform.newAgent();
        var changed = platform.post("/v1/agents/" + agent, """
                {"version":1,"metadata":{"handloom.retention":"%s"}}""".formatted(kept));
        assertThat(changed.statusCode()).isEqualTo(400);
        assertThat(changed.body()).contains("metadata.handloom.retention");
    }
}
