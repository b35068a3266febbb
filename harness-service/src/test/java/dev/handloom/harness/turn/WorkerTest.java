package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.Refusal;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ToolStart;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.context.ContextSettings;
import dev.handloom.harness.context.Contexts;
import dev.handloom.harness.context.Windows;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WorkerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");

    private final Bench bench = new Bench();
    private final Ledger ledger = bench.ledger();
    private final List<SessionEvent> log = new ArrayList<>();
    private final BlockingQueue<Object> sent = new LinkedBlockingQueue<>();
    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
    private final Asked model = new Asked();
    private final Worker worker;

    WorkerTest() {
        CommandGateway commands = DefaultCommandGateway.builder().commandBus(bus).build();
        var contexts = new Contexts(new Written(log));
        worker = new Worker(ledger,
                new ModelCall(contexts, _ -> Policy.USUAL, new Windows(new ContextSettings(null, 200_000)), model,
                        new RetryPolicy(), _ -> {}, commands),
                contexts,
                commands);
        log.add(new SessionEvent.Created(Bench.SESSION, "sthr_1", "weaver", new Json("{\"model\":{\"id\":\"m\"}}"),
                "env_1", null, Map.of(), AT));
        log.add(new SessionEvent.InputReceived(Bench.SESSION, "in", new Input.Message(
                new Json("[{\"type\":\"text\",\"text\":\"hi\"}]")), false, AT));
        worker.start();
    }

    @AfterEach
    void stop() {
        worker.stop();
        bench.close();
    }

    /** A log in memory. */
    private record Written(List<SessionEvent> events) implements SessionLog {
        @Override
        public List<Entry> slice(SessionId session, long from, int limit) {
            var slice = new ArrayList<Entry>();
            for (long at = from; at <= events.size() && slice.size() < limit; at++) {
                slice.add(new Entry(at, events.get((int) at - 1)));
            }
            return slice;
        }

        @Override
        public Outcome append(SessionId session, long head, List<Writing> events) {
            throw new AssertionError("nobody appends");
        }

        @Override
        public List<Stored> stored(SessionId session, long from, int limit) {
            throw new AssertionError("nobody asks how it is stored");
        }

        @Override
        public void erase(SessionId session) {
            events.clear();
        }

        @Override
        public long head(SessionId session) {
            return events.size();
        }

        @Override
        public AutoCloseable tail(Consumer<Entry> listener) {
            return () -> {};
        }
    }

    /** A model that says when it is asked, and then waits for ever, having cost ten tokens. */
    private static final class Asked implements Model {
        private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

        @Override
        public String describe() {
            return "silent";
        }

        @Override
        public JsonNode models() {
            return JsonMapper.shared().createObjectNode();
        }

        @Override
        public Answer ask(Request request, Listener listener) throws InterruptedException {
            listener.counted(new Tokens(10, 0, 0, 0, 0));
            requests.add(request);
            new LinkedBlockingQueue<String>().take();
            throw new AssertionError("nothing ever comes");
        }
    }

    private void on(Class<?> command, Function<Object, @Nullable Object> handler) {
        bus.subscribe(command.getName(), message -> {
            sent.add(message.getPayload());
            return handler.apply(message.getPayload());
        });
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("something within " + PATIENCE).isNotNull();
        return java.util.Objects.requireNonNull(next);
    }

    private static void await(String what, BooleanSupplier fact) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            assertThat(System.nanoTime()).as("never came true: " + what).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    private void awaitNoRows() {
        await("nothing is left to do", () -> bench.rows() == 0);
    }

    private void request(String id) {
        log.add(new SessionEvent.ModelRequestStarted(Bench.SESSION, id, 1, AT));
        Bench.open(ledger, new Step.AskModel(id));
    }

    private void call(String id) {
        log.add(new SessionEvent.ToolRequested(Bench.SESSION,
                new AgentOutput.ToolUse(id, new Json("{\"input\":{}}"), "t",
                        "bash", ToolRunner.HANDS, null, Permission.ALLOW, null, null),
                AT));
        Bench.open(ledger, new Step.RunTool(id));
    }

    @Test
    void an_interrupted_model_call_is_stopped_and_what_it_cost_is_reported() throws InterruptedException {
        on(SessionCommand.RecordModelFailure.class, _ -> null);
        request("req");
        assertThat(next(model.requests).requestId()).isEqualTo("req");
        Bench.inTransaction(() -> ledger.close(Bench.SESSION, "req"));

        assertThat(next(sent)).isInstanceOfSatisfying(SessionCommand.RecordModelFailure.class, late -> {
            assertThat(late.requestId()).isEqualTo("req");
            assertThat(late.tokens().input()).isEqualTo(10);
        });
    }

    @Test
    void a_request_that_the_log_waits_for_no_more_is_not_made() throws InterruptedException {
        log.add(new SessionEvent.ModelRequestStarted(Bench.SESSION, "old", 1, AT));
        log.add(new SessionEvent.ModelRequestEnded(Bench.SESSION, "end", "old", true, Tokens.NONE, null, AT));
        Bench.open(ledger, new Step.AskModel("old"));
        request("new");

        assertThat(next(model.requests).requestId()).isEqualTo("new");
        assertThat(model.requests).isEmpty();
    }

    @Test
    void a_process_that_ends_reports_nothing_so_that_the_next_one_asks_again() throws InterruptedException {
        on(SessionCommand.RecordModelFailure.class, _ -> null);
        request("req");
        next(model.requests);
        worker.stop();

        assertThat(bench.rows()).isEqualTo(1);
        assertThat(sent).isEmpty();
    }

    @Test
    void a_tool_is_sent_to_the_hands_once_its_start_is_recorded() throws InterruptedException {
        on(SessionCommand.StartTool.class, _ -> ToolStart.GO);
        on(SandboxCommand.ExecuteTool.class, _ -> null);
        call("use");

        assertThat(next(sent)).isInstanceOf(SessionCommand.StartTool.class);
        assertThat(next(sent)).isEqualTo(new SandboxCommand.ExecuteTool(Bench.SESSION, "env_1", "use", "bash",
                new Json("{}"), false));
    }

    @Test
    void a_tool_that_was_started_before_is_only_looked_for() throws InterruptedException {
        on(SessionCommand.StartTool.class, _ -> ToolStart.STARTED_BEFORE);
        on(SandboxCommand.ExecuteTool.class, _ -> null);
        call("use");

        next(sent);
        assertThat(((SandboxCommand.ExecuteTool) next(sent)).startedBefore()).isTrue();
    }

    @Test
    void the_hands_are_reminded_of_a_call_that_has_no_result_after_a_minute() throws InterruptedException {
        var starts = new AtomicInteger();
        on(SessionCommand.StartTool.class,
                _ -> starts.getAndIncrement() == 0 ? ToolStart.GO : ToolStart.STARTED_BEFORE);
        on(SandboxCommand.ExecuteTool.class, _ -> null);
        call("use");
        next(sent);
        assertThat(((SandboxCommand.ExecuteTool) next(sent)).startedBefore()).isFalse();
        await("the call is left to the hands", () -> bench.ownerOf("use").isEmpty());
        bench.pass(Duration.ofSeconds(61));

        assertThat(next(sent)).isInstanceOf(SessionCommand.StartTool.class);
        assertThat(((SandboxCommand.ExecuteTool) next(sent)).startedBefore()).isTrue();
    }

    @Test
    void a_tool_that_has_its_result_is_not_sent() {
        on(SessionCommand.StartTool.class, _ -> ToolStart.DONE);
        call("use");

        awaitNoRows();
        assertThat(sent).hasSize(1);
    }

    @Test
    void what_the_session_refuses_is_dropped_and_not_tried_again() {
        on(SessionCommand.RetryModel.class, _ -> {
            throw new CommandExecutionException("no", null, new Refusal.NoSuchSession(Bench.SESSION));
        });
        Bench.open(ledger, new Step.RetryModel("retry:req", "req", bench.instant()));
        bench.abandonAll();

        awaitNoRows();
        assertThat(sent).hasSize(1);
    }

    @Test
    void a_step_that_fails_is_kept_and_the_others_go_on() {
        var failures = new AtomicInteger();
        on(SandboxCommand.CancelTool.class, command -> {
            if (((SandboxCommand.CancelTool) command).toolUseId().equals("bad") && failures.incrementAndGet() < 3) {
                throw new IllegalStateException("the platform is not well");
            }
            return null;
        });
        Bench.open(ledger, new Step.CancelTool("cancel:bad", "bad"));
        Bench.open(ledger, new Step.CancelTool("cancel:good", "good"));
        await("one is left", () -> bench.rows() == 1 && bench.failures("cancel:bad") == 1);
        bench.pass(Duration.ofSeconds(2));
        await("it failed again", () -> bench.failures("cancel:bad") == 2);
        bench.pass(Duration.ofSeconds(3));

        awaitNoRows();
        assertThat(failures).hasValue(3);
    }

    @Test
    void the_end_of_a_session_releases_its_hand() throws InterruptedException {
        on(SandboxCommand.ReleaseHand.class, _ -> null);
        Bench.open(ledger, new Step.ReleaseHand("release:sesn_1"));

        assertThat(next(sent)).isEqualTo(new SandboxCommand.ReleaseHand(Bench.SESSION));
        awaitNoRows();
    }
}
