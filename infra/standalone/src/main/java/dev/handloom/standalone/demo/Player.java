package dev.handloom.standalone.demo;

import dev.handloom.standalone.terminal.Ink;
import dev.handloom.standalone.terminal.Plain;
import dev.handloom.standalone.terminal.Stage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows a session as it goes: the model's words as they come, and each tool call with its result. Calls that run side by
 * side are shown in the order in which they were asked.
 */
final class Player {
    /** How the rehearsal model begins each answer. Said in full once; after that a word is enough. */
    private static final String REHEARSAL = "[rehearsal: no model is answering] ";
    private static final String REHEARSAL_AGAIN = "[rehearsal] ";
    private static final String THINKING = "thinking";
    private static final int INDENT = 3;

    private final Stage stage;
    private final ToolCard card;
    private final SequencedMap<String, Heard.ToolAsked> asked = new LinkedHashMap<>();
    private final Map<String, Heard.ToolAnswered> answers = new HashMap<>();
    private final StringBuilder previewed = new StringBuilder();
    private @Nullable Prose prose;
    private String speaking = "";
    private boolean rehearsalSaid;
    private boolean tight;

    Player(Stage stage) {
        this.stage = stage;
        this.card = new ToolCard(stage.terminal());
    }

    void show(Heard heard) {
        switch (heard) {
            case Heard.RequestBegan _ -> stage.goesOn(THINKING);
            case Heard.TextBegan began -> begin(began.messageId());
            case Heard.TextGrew grew -> grow(grew);
            case Heard.Spoke spoke -> speak(spoke);
            case Heard.ToolAsked call -> {
                asked.put(call.id(), call);
                sayWhatRuns();
            }
            case Heard.ToolAnswered answer -> {
                answers.put(answer.askedId(), answer);
                showAnswered();
            }
            case Heard.Errored error -> error(error);
            case Heard.RequestEnded _ -> endProse();
            case Heard.Rested _ -> stage.rest();
            case Heard.Terminated _ -> stage.rest();
            case Heard.Other _ -> {}
        }
    }

    private void begin(String messageId) {
        speaking = messageId;
        previewed.setLength(0);
    }

    private void grow(Heard.TextGrew grew) {
        if (grew.messageId().equals(speaking)) {
            previewed.append(grew.text());
            say(grew.text());
        }
    }

    /** Previews may have been shed, but what came is always the beginning of the whole. */
    private void speak(Heard.Spoke spoke) {
        if (!spoke.id().equals(speaking)) {
            begin(spoke.id());
        }
        say(spoke.text().substring(Math.min(previewed.length(), spoke.text().length())));
        endProse();
        begin("");
        stage.goesOn(THINKING);
    }

    private void say(String piece) {
        var text = piece;
        var writing = prose;
        if (writing == null) {
            if (text.isBlank()) {
                return;
            }
            stage.rest();
            stage.print("\n " + stage.terminal().glyphs().dot() + " ");
            writing = new Prose(stage, INDENT);
            prose = writing;
            if (text.startsWith(REHEARSAL)) {
                writing.addFaintly(rehearsalSaid ? REHEARSAL_AGAIN : REHEARSAL);
                rehearsalSaid = true;
                text = text.substring(REHEARSAL.length());
            }
        }
        writing.add(text);
    }

    private void endProse() {
        if (prose != null) {
            prose.end();
            prose = null;
            tight = false;
        }
    }

    private void showAnswered() {
        while (!asked.isEmpty() && answers.containsKey(asked.firstEntry().getKey())) {
            var call = asked.pollFirstEntry().getValue();
            var answer = Objects.requireNonNull(answers.remove(call.id()));
            boolean body = card.hasBody(call, answer);
            stage.print((tight && !body ? "" : "\n") + card.show(call, answer));
            tight = !body;
        }
        sayWhatRuns();
    }

    private void sayWhatRuns() {
        if (asked.isEmpty()) {
            stage.goesOn(THINKING);
            return;
        }
        long others = asked.size() - answers.size() - 1L;
        stage.goesOn((others == 0 ? "" : "(" + others + " more) ") + ToolCard.title(asked.firstEntry().getValue()));
    }

    private void error(Heard.Errored error) {
        endProse();
        var terminal = stage.terminal();
        var words = error.error() + ": " + Plain.line(error.message());
        stage.line("\n " + (error.more()
                ? terminal.paint(Ink.YELLOW, terminal.glyphs().no()) + " " + words + terminal.faint(" (trying again)")
                : terminal.paint(Ink.RED, terminal.glyphs().no() + " " + words)));
        tight = false;
    }
}
