package dev.handloom.harness.turn;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionId;
import dev.handloom.harness.context.Contexts;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.RetryPolicy;
import dev.handloom.harness.tools.ToolBox;
import dev.handloom.kit.Ids;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes one model request and records what came of it, exactly once: the session ignores a second report. */
@Component
class ModelCall {
    /** An answer has been paid for: it is worth waiting for the log to take it. */
    private static final int RECORD_ATTEMPTS = 60;

    private final Contexts contexts;
    private final Model model;
    private final RetryPolicy retries;
    private final Preview.Board previews;
    private final CommandGateway commands;
    private final Retry recording = Retry.of("record", RetryConfig.custom()
            .maxAttempts(RECORD_ATTEMPTS)
            .intervalFunction(IntervalFunction.ofExponentialBackoff(
                    Duration.ofMillis(50), 1.5, Duration.ofSeconds(5)))
            .build());

    ModelCall(Contexts contexts, Model model, RetryPolicy retries, Preview.Board previews, CommandGateway commands) {
        this.contexts = contexts;
        this.model = model;
        this.retries = retries;
        this.previews = previews;
        this.commands = commands;
    }

    void make(SessionId session, String requestId, Worker.Doing doing) throws InterruptedException {
        var prepared = prepare(session, requestId);
        if (prepared == null) {
            return;
        }
        SessionCommand report;
        try {
            var ids = new BlockIds(session);
            var answer = model.ask(prepared.request(), ids);
            report = new SessionCommand.RecordModelAnswer(session, requestId, outputs(answer, ids, prepared.tools()),
                    answer.tokens(), answer.speed(), stop(answer));
        } catch (Model.Failed failed) {
            var outcome = retries.after(failed, prepared.request().attempt());
            report = new SessionCommand.RecordModelFailure(session, requestId, outcome.error(),
                    String.valueOf(failed.getMessage()), failed.tokens(), outcome.verdict());
        }
        doing.record();
        SessionCommand recorded = report;
        recording.executeRunnable(() -> commands.sendAndWait(recorded));
    }

    private record Prepared(Model.Request request, ToolBox tools) {}

    /** Null when the log no longer waits for this request. */
    private @Nullable Prepared prepare(SessionId session, String requestId) {
        var context = contexts.of(session);
        synchronized (context) {
            if (!requestId.equals(context.openRequest())) {
                return null;
            }
            var agent = context.agent();
            return new Prepared(new Model.Request(session, requestId, context.attempt(), agent.modelId(),
                    agent.effort(), agent.speed(), agent.system(), agent.tools().definitions(), context.messages()),
                    agent.tools());
        }
    }

    private static List<AgentOutput> outputs(Model.Answer answer, BlockIds ids, ToolBox tools) {
        var outputs = new ArrayList<AgentOutput>();
        for (int i = 0; i < answer.blocks().size(); i++) {
            var block = answer.blocks().get(i);
            Json json = block.json();
            outputs.add(switch (block.type()) {
                case "text" -> new AgentOutput.Text(ids.of(i), json);
                case "thinking" -> new AgentOutput.Thinking(ids.of(i), json);
                case "tool_use" -> tools.judge(ids.of(i), json);
                default -> new AgentOutput.Other(ids.of(i), json);
            });
        }
        return outputs;
    }

    private static ModelStop stop(Model.Answer answer) {
        return switch (answer.stopReason()) {
            case "tool_use" -> new ModelStop(ModelStop.Kind.TOOL_USE, null);
            case "pause_turn" -> new ModelStop(ModelStop.Kind.PAUSE, null);
            case "refusal" -> new ModelStop(ModelStop.Kind.REFUSAL, answer.stopDetails());
            default -> new ModelStop(ModelStop.Kind.END, null);
        };
    }

    /** Gives each block the id its event will have when it starts, and shows it growing under that id. */
    private final class BlockIds implements Model.Listener {
        private final SessionId session;
        private final Map<Integer, String> ids = new ConcurrentHashMap<>();

        BlockIds(SessionId session) {
            this.session = session;
        }

        String of(int block) {
            return ids.computeIfAbsent(block, _ -> Ids.next("sevt_"));
        }

        @Override
        public void started(int block, String type) {
            switch (type) {
                case "text" -> previews.show(new Preview.Started(session, of(block), "agent.message"));
                case "thinking" -> previews.show(new Preview.Started(session, of(block), "agent.thinking"));
                default -> {}
            }
        }

        @Override
        public void textAdded(int block, String text) {
            previews.show(new Preview.TextAdded(session, of(block), text));
        }
    }
}
