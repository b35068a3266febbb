package dev.handloom.harness.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionEvent.NoteKind;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.context.ContextSettings;
import dev.handloom.harness.context.Contexts;
import dev.handloom.harness.context.RecordedLog;
import dev.handloom.harness.context.Windows;
import dev.handloom.harness.context.strategy.Policy;
import dev.handloom.harness.model.Model;
import dev.handloom.harness.model.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** When the context is full, the model first writes a note; then its request is made with it. */
class NoteCallTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Tokens TOKENS = new Tokens(7, 3, 0, 0, 0);

    private final Bench bench = new Bench();
    private final Ledger ledger = bench.ledger();
    private final RecordedLog log = new RecordedLog();
    private final BlockingQueue<Object> sent = new LinkedBlockingQueue<>();
    private final Scribe model = new Scribe();
    private final Worker worker;

    NoteCallTest() {
        var bus = SimpleCommandBus.builder().build();
        var commands = DefaultCommandGateway.builder().commandBus(bus).build();
        var contexts = new Contexts(log);
        worker = new Worker(ledger, new ModelCall(contexts, _ -> new Policy.Compaction(50, 1),
                new Windows(new ContextSettings(null, 2_000)), model, new RetryPolicy(), _ -> {}, commands), contexts,
                commands);
        for (var command : List.of(SessionCommand.BeginNote.class, SessionCommand.RecordNote.class,
                SessionCommand.RecordNoteFailure.class, SessionCommand.RecordModelAnswer.class)) {
            bus.subscribe(command.getName(), message -> take(message.getPayload()));
        }
        log.add(new SessionEvent.Created(Bench.SESSION, "sthr_1", "weaver", new Json("{\"model\":{\"id\":\"m\"}}"),
                "env_1", null, Map.of(), AT));
        says("x".repeat(6_000));
        log.add(new SessionEvent.ModelRequestStarted(Bench.SESSION, "first", 1, AT));
        log.add(new SessionEvent.AgentSpoke(Bench.SESSION, new AgentOutput.Text("msg", text("understood")), AT));
        log.add(new SessionEvent.ModelRequestEnded(Bench.SESSION, "end", "first", false, Tokens.NONE, null, AT));
        says("go on");
        worker.start();
    }

    @AfterEach
    void stop() {
        worker.stop();
        bench.close();
    }

    private void says(String text) {
        log.add(new SessionEvent.InputReceived(Bench.SESSION, "in", new Input.Message(
                new Json("[" + text(text).text() + "]")), false, AT));
    }

    private static Json text(String text) {
        return new Json("{\"type\":\"text\",\"text\":\"" + text + "\"}");
    }

    /** What the session does with it; its own rules have tests of their own. */
    private Object take(Object command) {
        if (command instanceof SessionCommand.BeginNote begin) {
            log.add(new SessionEvent.NoteBegun(Bench.SESSION, begin.noteId(), begin.requestId(), begin.kind(),
                    begin.from(), begin.to(), begin.policy(), AT));
        } else if (command instanceof SessionCommand.RecordNote note) {
            log.add(new SessionEvent.NoteWritten(Bench.SESSION, note.noteId(), note.requestId(), note.kind(),
                    note.from(), note.to(), note.text(), note.tokens(), AT));
        } else if (command instanceof SessionCommand.RecordNoteFailure note) {
            log.add(new SessionEvent.NoteFailed(Bench.SESSION, note.noteId(), note.requestId(), note.message(),
                    note.tokens(), AT));
        }
        sent.add(command);
        return true;
    }

    /** A model that says what it is asked, and answers what it is told to. */
    private static final class Scribe implements Model {
        private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

        @Override
        public String describe() {
            return "a scribe";
        }

        @Override
        public JsonNode models() {
            return JsonMapper.shared().createObjectNode();
        }

        @Override
        public Answer ask(Request request, Listener listener) throws Failed, InterruptedException {
            listener.counted(TOKENS);
            requests.add(request);
            var answer = answers.take();
            if (answer.equals("fail")) {
                throw new Failed(Kind.OVERLOADED, "busy", TOKENS, null);
            }
            return new Answer(List.of(new Block(0, "text", text(answer), null)), TOKENS, null, "end_turn", null);
        }

        String asked() throws InterruptedException {
            return next(requests).messages().toString();
        }
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).as("something within " + PATIENCE).isNotNull();
        return Objects.requireNonNull(next);
    }

    private void request() {
        log.add(new SessionEvent.ModelRequestStarted(Bench.SESSION, "req", 1, AT));
        Bench.open(ledger, new Step.AskModel("req"));
    }

    @Test
    void the_note_is_begun_in_the_log_then_written_then_shown() throws InterruptedException {
        model.answers.addAll(List.of("the gist", "done"));
        request();

        var begun = (SessionCommand.BeginNote) next(sent);
        assertThat(begun.kind()).isEqualTo(NoteKind.SUMMARY);
        assertThat(begun.from()).isEqualTo(2);
        assertThat(begun.to()).isEqualTo(2);
        assertThat(model.asked()).contains("xxx", "Sum up everything");
        assertThat(next(sent)).isInstanceOfSatisfying(SessionCommand.RecordNote.class, note -> {
            assertThat(note.noteId()).isEqualTo(begun.noteId());
            assertThat(note.text()).isEqualTo("the gist");
            assertThat(note.tokens()).isEqualTo(TOKENS);
        });
        assertThat(model.asked()).contains("the gist", "understood", "go on").doesNotContain("xxx");
        assertThat(next(sent)).isInstanceOfSatisfying(SessionCommand.RecordModelAnswer.class, answer -> {
            var cuts = Objects.requireNonNull(answer.viewed()).cuts();
            assertThat(cuts).extracting(cut -> cut.what()).containsExactly("summarised");
        });
    }

    @Test
    void without_a_note_the_request_is_made_as_it_would_have_been() throws InterruptedException {
        model.answers.addAll(List.of("fail", "done"));
        request();

        next(sent);
        assertThat(model.asked()).contains("Sum up everything");
        assertThat(next(sent)).isInstanceOfSatisfying(SessionCommand.RecordNoteFailure.class,
                failure -> assertThat(failure.message()).isEqualTo("busy"));
        assertThat(model.asked()).contains("xxx", "go on").doesNotContain("Sum up everything");
        assertThat(next(sent)).isInstanceOf(SessionCommand.RecordModelAnswer.class);
    }

    @Test
    void a_note_whose_writer_died_is_written_under_its_own_id() throws InterruptedException {
        log.add(new SessionEvent.ModelRequestStarted(Bench.SESSION, "req", 1, AT));
        log.add(new SessionEvent.NoteBegun(Bench.SESSION, "sevt_note", "req", NoteKind.SUMMARY, 2, 2, new Json("{}"),
                AT));
        model.answers.addAll(List.of("the gist", "done"));
        Bench.open(ledger, new Step.AskModel("req"));

        assertThat(((SessionCommand.BeginNote) next(sent)).noteId()).isEqualTo("sevt_note");
        assertThat(((SessionCommand.RecordNote) next(sent)).noteId()).isEqualTo("sevt_note");
    }

    @Test
    void an_interrupt_stops_the_writing_and_what_it_cost_is_reported() throws InterruptedException {
        request();
        next(sent);
        model.asked();
        Bench.inTransaction(() -> ledger.close(Bench.SESSION, "req"));

        assertThat(next(sent)).isInstanceOfSatisfying(SessionCommand.RecordNoteFailure.class,
                late -> assertThat(late.tokens()).isEqualTo(TOKENS));
        assertThat(model.requests).isEmpty();
    }
}
