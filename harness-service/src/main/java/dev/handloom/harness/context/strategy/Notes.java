package dev.handloom.harness.context.strategy;

import dev.handloom.api.Json;
import dev.handloom.harness.model.Model;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The words around the notes that the model writes for itself. */
final class Notes {
    private static final String ASK_SUMMARY = """
            [This is the platform, not the user: the conversation is about to outgrow your context. Sum up everything up \
            to here for yourself. You will go on with this summary in place of these messages, so write down what you \
            need: what is wanted and by whom, every instruction that still holds, what was done and found, names, paths, \
            numbers and identifiers exactly as they are, what is still open, and the next step. At most 1,000 words. Answer \
            with the summary alone, as text; call no tool.]""";
    private static final String ASK_HANDOVER = """
            [This is the platform, not the user: you are about to start afresh with an empty context, and this note is all \
            you will have. Hand the work over to yourself: what is wanted and by whom, every instruction that still holds, \
            the state things are in, what was tried and did not work, names, paths, numbers and identifiers exactly as they \
            are, the result of your last tool calls, and the next step. At most 1,000 words. Answer with the note alone, as \
            text; call no tool.]""";

    private Notes() {}

    static String shown(Past.Note note) {
        return switch (note.kind()) {
            case SUMMARY -> "[The messages up to here are not shown; you summed them up:]\n\n" + note.text();
            case HANDOVER -> "[You are starting afresh; before, you handed the work over with this note:]\n\n"
                    + note.text();
        };
    }

    /** @param told user first, roles in turn */
    static List<Model.Message> asking(Past.Kind kind, List<Line> told) {
        var messages = new ArrayList<Model.Message>();
        for (var line : told) {
            if (!line.role().equals("system")) {
                messages.add(line.message());
            }
        }
        var content = new ArrayList<Json>();
        if (messages.getLast().role().equals("user")) {
            content.addAll(messages.removeLast().content());
        }
        content.add(new Json("{\"type\":\"text\",\"text\":" + JsonMapper.shared()
                .writeValueAsString(
                        kind == Past.Kind.SUMMARY ? ASK_SUMMARY : ASK_HANDOVER)
                + "}"));
        messages.add(new Model.Message("user", content));
        return messages;
    }
}
