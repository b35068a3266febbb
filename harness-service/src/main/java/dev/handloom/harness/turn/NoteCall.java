package dev.handloom.harness.turn;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent.NoteKind;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.context.Sight;
import dev.handloom.harness.context.strategy.View.Due;
import dev.handloom.harness.model.Model;
import dev.handloom.kit.Ids;
import io.github.resilience4j.retry.Retry;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Has the model write the note that a context strategy asks for, within the step of the request that needs it: that step
 * is driven again when its process dies, and stopped by an interrupt. A note that fails leaves the view as it was.
 */
final class NoteCall {
    /** More than any model writes into a thousand words; the rest is cut off. */
    private static final int TEXT_CHARS_MAX = 100_000;

    private static final Logger log = LoggerFactory.getLogger(NoteCall.class);

    private final Model model;
    private final CommandGateway commands;
    private final Retry recording;

    NoteCall(Model model, CommandGateway commands, Retry recording) {
        this.model = model;
        this.commands = commands;
        this.recording = recording;
    }

    /** @param id of the note that the log waits for already, or a new one */
    record Order(String id, Due due, Json policy) {
        static @Nullable Order of(Sight sight, @Nullable String open) {
            var due = sight.view().due();
            return due == null
                    ? null
                    : new Order(open == null ? Ids.next("sevt_") : open, due, sight.viewed().policy());
        }

        NoteKind kind() {
            return switch (due.kind()) {
                case SUMMARY -> NoteKind.SUMMARY;
                case HANDOVER -> NoteKind.HANDOVER;
            };
        }
    }

    void write(Order note, Model.Request next, Worker.Doing doing) throws InterruptedException {
        var due = note.due();
        var begin = new SessionCommand.BeginNote(next.session(), note.id(), next.requestId(), note.kind(), due.from(),
                due.to(), note.policy());
        boolean[] go = new boolean[1];
        doing.whole(() -> go[0] = commands.<Boolean>sendAndWait(begin));
        if (!go[0]) {
            return;
        }
        var spent = new Spent();
        SessionCommand report;
        try {
            report = ask(note, next, spent);
        } catch (InterruptedException stopped) {
            if (doing.over() && !spent.tokens.equals(Tokens.NONE)) {
                record(failure(note, next, "cut off", spent.tokens));
            }
            throw stopped;
        }
        doing.whole(() -> record(report));
    }

    private SessionCommand ask(Order note, Model.Request next, Spent spent) throws InterruptedException {
        var asking = note.due().asking();
        try {
            var answer = model.ask(new Model.Request(next.session(), note.id(), 1, next.modelId(), next.effort(),
                    next.speed(), next.inferenceGeo(), next.system(), next.tools(), asking, asking.size() - 1), spent);
            var text = text(answer);
            return text.isBlank()
                    ? failure(note, next, "the model wrote no text", answer.tokens())
                    : new SessionCommand.RecordNote(next.session(), note.id(), next.requestId(), note.kind(),
                            note.due().from(), note.due().to(), text, answer.tokens());
        } catch (Model.Failed failed) {
            log.warn("a note could not be written, the context stays as it was: {}: {}", next.session(),
                    failed.getMessage());
            return failure(note, next, String.valueOf(failed.getMessage()), failed.tokens());
        } catch (RuntimeException bug) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            log.error("a note could not be taken, the context stays as it was: {}", next.session(), bug);
            return failure(note, next, "the note could not be taken: " + bug, spent.tokens);
        }
    }

    private static String text(Model.Answer answer) {
        var text = answer.blocks()
                .stream()
                .filter(block -> block.type().equals("text"))
                .map(block -> JsonMapper.shared().readTree(block.json().text()).path("text").asString(""))
                .collect(Collectors.joining("\n"));
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX);
    }

    private static SessionCommand failure(Order note, Model.Request next, String message, Tokens tokens) {
        return new SessionCommand.RecordNoteFailure(next.session(), note.id(), next.requestId(), message, tokens);
    }

    private void record(SessionCommand report) {
        recording.executeRunnable(() -> commands.sendAndWait(report));
    }

    /** Nobody watches a note being written; only its bill is kept. */
    private static final class Spent implements Model.Listener {
        private volatile Tokens tokens = Tokens.NONE;

        @Override
        public void started(int block, String type) {}

        @Override
        public void textAdded(int block, String text) {}

        @Override
        public void counted(Tokens soFar) {
            tokens = soFar;
        }
    }
}
