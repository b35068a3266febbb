package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An interrupt reaches the command that runs in the hands. */
class InterruptedToolTest {
    private static final Running PLATFORM = new Running("handloom.model.base-url=", "handloom.model.api-key=",
            "handloom.hands.provider=auto");

    /** Looks until there are none, for a minute at the most. */
    private static final String SLEEPERS_LEFT = "for i in $(seq 600); do n=$(cat /proc/[0-9]*/comm trace 2>/dev/null | "
            + "grep -c -e sleep -e late); [ $n = 0 ] && break; sleep 0.1; done; echo $n left";

    @AfterAll
    static void stop() throws IOException {
        PLATFORM.close();
    }

    private static String bash(String command) {
        return Client.message("{\"rehearse\":[{\"call\":[{\"name\":\"bash\",\"input\":{\"command\":\"" + command
                + "\"}}]},{\"say\":\"done\"}]}");
    }

    private static JsonNode resultOf(Client.Talk talk, Tail tail, String command) {
        talk.send(bash(command));
        return Tail.only("agent.tool_result", tail.untilIdle());
    }

    @Test
    void the_session_rests_at_once_and_the_command_is_killed_with_all_it_has_started() {
        var talk = PLATFORM.client().talk();
        try (var tail = talk.watch()) {
            var hello = resultOf(talk, tail, "echo hello");
            if (hello.path("is_error").asBoolean()) {
                abort("no hands here: " + hello.at("/content/0/text").asString());
            }
            talk.send(bash("(sleep 600; echo late >> trace) & sleep 600; echo late >> trace"));
            tail.until("span.model_request_end");
            talk.send(Client.INTERRUPT);
            var events = tail.untilIdle();

            assertThat(Tail.types(events)).containsExactly("agent.tool_result", "user.interrupt",
                    "session.thread_status_idle", "session.usage", "session.status_idle");
            assertThat(Tail.only("agent.tool_result", events).at("/content/0/text").asString()).isEqualTo(
                    "Tool execution was interrupted before completion. Please retry.");
            var after = resultOf(talk, tail, SLEEPERS_LEFT).at("/content/0/text").asString();
            assertThat(after.strip()).isEqualTo("0 left");
            assertThat(Tail.all("agent.tool_result", talk.history())).hasSize(3);
        }
        talk.client().post(talk.path() + "/archive", "");
    }
}
