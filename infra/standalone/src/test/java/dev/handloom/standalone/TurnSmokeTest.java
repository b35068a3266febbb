package dev.handloom.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.model.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

class TurnSmokeTest {
    @TempDir
    static Path data;

    static class Echo implements Model {
        @Override
        public String describe() {
            return "echo";
        }

        @Override
        public Answer ask(Request request, Listener listener) {
            return new Answer(List.of(new Block("text", new Json("{\"type\":\"text\",\"text\":\"hi\"}"))), Tokens.NONE,
                    null, "end_turn", null);
        }
    }

    @Test
    void a_message_is_answered() throws Exception {
        System.setProperty("spring.config.name", "standalone");
        var app = new SpringApplication(StandaloneApplication.class);
        app.addInitializers(c -> c.getBeanFactory().registerSingleton("echo", new Echo()));
        try (var context = app.run("--handloom.data=" + data, "--server.port=0")) {
            var commands = context.getBean(CommandGateway.class);
            var log = context.getBean(SessionLog.class);
            for (int round = 0; round < 300; round++) {
                var id = new SessionId("sesn_" + round);
                var idle = new CountDownLatch(1);
                long t0 = System.nanoTime();
                try (var _ = log.tail(e -> {
                    if (e.event() instanceof SessionEvent.StatusIdle s && s.sessionId().equals(id)) {
                        idle.countDown();
                    }
                })) {
                    commands.sendAndWait(new SessionCommand.Create(id, "sthr_1", "a", new Json("{\"id\":\"agent_1\",\"version\":1,\"tools\":[]}"), "env_1", null, Map.of(), List.of(new Input.Named("sevt_1", new Input.Message(new Json("[{\"type\":\"text\",\"text\":\"hello\"}]"))))));
                    assertThat(idle.await(5, TimeUnit.SECONDS)).isTrue();
                }
                if (round % 50 == 0) {
                    System.out.println("turn " + round + " " + (System.nanoTime() - t0) / 1000 + " us");
                }
            }
            log.slice(new SessionId("sesn_0"), 1, 100).forEach(e -> System.out.println(e.position() + " " + e.event()));
        }
    }
}
