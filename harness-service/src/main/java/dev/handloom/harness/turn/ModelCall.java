package dev.handloom.harness.turn;

import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Preview;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import dev.handloom.api.session.Viewed;
import dev.handloom.harness.context.Contexts;
import dev.handloom.harness.context.Policies;
import dev.handloom.harness.context.Windows;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.RetryPolicy;
import dev.handloom.harness.tools.ToolBox;
import dev.handloom.kit.FailPoint;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes one model request and records what came of it, exactly once: the session ignores a second report. */
@Component
class ModelCall {
    /** An answer has been paid for: it is worth waiting for the log to take it. */
    private static final int RECORD_ATTEMPTS = 60;

    private static final Logger log = LoggerFactory.getLogger(ModelCall.class);

    private final Contexts contexts;
    private final Policies policies;
    private final Windows windows;
    private final Model model;
    private final RetryPolicy retries;
    private final Preview.Board previews;
    private final CommandGateway commands;
    private final NoteCall notes;
    private final Retry recording = Retry.of("record", RetryConfig.custom()
            .maxAttempts(RECORD_ATTEMPTS)
            .intervalFunction(IntervalFunction.ofExponentialBackoff(
                    Duration.ofMillis(50), 1.5, Duration.ofSeconds(5)))
            .retryOnException(failure -> !Worker.isRefusal(failure))
            .build());

    ModelCall(
            Contexts contexts,
            Policies policies,
            Windows windows,
            Model model,
            RetryPolicy retries,
            Preview.Board previews,
            CommandGateway commands
    ) {
        this.contexts = contexts;
        this.policies = policies;
        this.windows = windows;
        this.model = model;
        this.retries = retries;
        this.previews = previews;
        this.commands = commands;
        this.notes = new NoteCall(model, commands, recording);
    }

    void make(SessionId session, String requestId, Worker.Doing doing) throws InterruptedException {
        FailPoint.VIEW.pass();
        var prepared = prepare(session, requestId);
        if (prepared != null && prepared.note() != null) {
            notes.write(prepared.note(), prepared.request(), doing);
            prepared = prepare(session, requestId);
        }
        if (prepared == null) {
            return;
        }
        var watch = new Watch(session);
        SessionCommand report;
        try {
            report = ask(prepared, watch);
            doing.record();
        } catch (InterruptedException stopped) {
            if (doing.over() && !watch.spent.equals(Tokens.NONE)) {
                record(failure(prepared, new Model.Failed(Model.Kind.UNAVAILABLE, "cut off", watch.spent, null)));
            }
            throw stopped;
        }
        FailPoint.ANSWER.pass();
        record(report);
    }

    private SessionCommand ask(Prepared prepared, Watch watch) throws InterruptedException {
        var request = prepared.request();
        FailPoint.REQUEST.pass();
        try {
            var answer = model.ask(request, watch);
            return new SessionCommand.RecordModelAnswer(request.session(), request.requestId(),
                    outputs(answer, watch, prepared.tools()), answer.tokens(), answer.speed(), stop(answer),
                    prepared.viewed());
        } catch (Model.Failed failed) {
            return failure(prepared, failed);
        } catch (RuntimeException bug) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            log.error("the model's answer could not be taken: {}", request.session(), bug);
            return failure(prepared,
                    new Model.Failed(Model.Kind.UNKNOWN, "the model's answer could not be taken: " + bug,
                            watch.spent, null));
        }
    }

    private SessionCommand failure(Prepared prepared, Model.Failed failed) {
        var request = prepared.request();
        var outcome = retries.after(failed, request.attempt());
        return new SessionCommand.RecordModelFailure(request.session(), request.requestId(), outcome.error(),
                String.valueOf(failed.getMessage()), failed.tokens(), outcome.verdict(), prepared.viewed());
    }

    private void record(SessionCommand report) {
        recording.executeRunnable(() -> commands.sendAndWait(report));
    }

    /** @param note to be written first, or null */
    private record Prepared(Model.Request request, ToolBox tools, Viewed viewed, NoteCall.@Nullable Order note) {}

    /** Null when the log no longer waits for this request. */
    private @Nullable Prepared prepare(SessionId session, String requestId) {
        var context = contexts.of(session);
        synchronized (context) {
            if (!requestId.equals(context.openRequest())) {
                return null;
            }
            var agent = context.agent();
            var sight = context.look(policies.of(agent), windows.of(agent.modelId()));
            return new Prepared(new Model.Request(session, requestId, context.attempt(), agent.modelId(),
                    agent.effort(), agent.speed(), agent.inferenceGeo(), agent.system(), agent.tools().definitions(),
                    sight.view().messages(), sight.view().stable()),
                    agent.tools(), sight.viewed(),
                    NoteCall.Order.of(sight, context.openNote()));
        }
    }

    private static List<AgentOutput> outputs(Model.Answer answer, Watch watch, ToolBox tools) {
        var outputs = new ArrayList<AgentOutput>();
        for (var block : answer.blocks()) {
            var id = watch.idOf(block.number());
            var json = block.json();
            outputs.add(switch (block.type()) {
                case "text" -> new AgentOutput.Text(id, json);
                case "thinking" -> new AgentOutput.Thinking(id, json);
                case "tool_use" -> tools.judge(id, json, block.flaw());
                default -> new AgentOutput.Other(id, json);
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
    private final class Watch implements Model.Listener {
        private final SessionId session;
        private final Map<Integer, String> ids = new ConcurrentHashMap<>();
        /** Half a character that a piece of text ended with: it is shown with the other half. */
        private String half = "";
        private volatile Tokens spent = Tokens.NONE;

        Watch(SessionId session) {
            this.session = session;
        }

        String idOf(int block) {
            return ids.computeIfAbsent(block, _ -> Ids.next("sevt_"));
        }

        /** A text is shown from its first characters on, because an empty one never becomes an event. */
        @Override
        public void started(int block, String type) {
            if (type.equals("thinking")) {
                previews.show(new Preview.Started(session, idOf(block), "agent.thinking"));
            }
        }

        @Override
        public void textAdded(int block, String text) {
            FailPoint.STREAM.pass();
            var whole = half + text;
            boolean cut = !whole.isEmpty() && Character.isHighSurrogate(whole.charAt(whole.length() - 1));
            half = cut ? whole.substring(whole.length() - 1) : "";
            var shown = cut ? whole.substring(0, whole.length() - 1) : whole;
            if (shown.isEmpty()) {
                return;
            }
            if (!ids.containsKey(block)) {
                previews.show(new Preview.Started(session, idOf(block), "agent.message"));
            }
            previews.show(new Preview.TextAdded(session, idOf(block), shown));
        }

        @Override
        public void counted(Tokens soFar) {
            spent = soFar;
        }
    }
}
