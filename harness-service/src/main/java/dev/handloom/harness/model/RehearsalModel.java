package dev.handloom.harness.model;

import dev.handloom.api.Json;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands in where no model is configured, and says so in every answer. It follows a {@link Script}, or the steps in the
 * user's own text when that is an object {@code {"rehearse":[…]}}. What it says depends on the request alone, so a
 * request that is made again after a crash gets the same answer.
 */
final class RehearsalModel implements Model {
    static final String MARK = "[rehearsal: no model is answering] ";
    private static final String RESULT = "{{result}}";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Script script;

    RehearsalModel(Script script) {
        this.script = script;
    }

    @Override
    public String describe() {
        return "rehearsal (no model is answering)";
    }

    @Override
    public JsonNode models() {
        var models = JSON.createObjectNode();
        models.putArray("data").addObject().put("id", "rehearsal").put("display_name", "Rehearsal: no model");
        return models;
    }

    @Override
    public Answer ask(Request request, Listener listener) throws Failed, InterruptedException {
        var messages = request.messages();
        int said = messages.size() - 1;
        String userText = null;
        int answers = 0;
        for (; said >= 0 && userText == null; said--) {
            var message = messages.get(said);
            if (message.role().equals("assistant")) {
                answers++;
            } else if (message.role().equals("user")) {
                userText = text(message);
            }
        }
        var steps = steps(userText == null ? "" : userText);
        var step = answers < steps.size() ? steps.get(answers) : Script.Step.NOTHING;
        return new Performance(request, step, listener).play();
    }

    private List<Script.Step> steps(String userText) {
        if (!userText.startsWith("{\"rehearse\"")) {
            return script.stepsFor(userText);
        }
        try {
            return Script.steps(JSON.readTree(userText).path("rehearse"));
        } catch (JacksonException | IllegalArgumentException wrong) {
            return Script.steps(JSON.createArrayNode()
                    .add(JSON.createObjectNode()
                            .put("say",
                                    "The rehearsal in your message cannot be followed: " + wrong.getMessage())));
        }
    }

    /** The last text block of a message; null when it has none, as when it only brings tool results. */
    private static @Nullable String text(Message message) {
        for (var block : message.content().reversed()) {
            if (!block.text().startsWith("{\"type\":\"tool_result\"") && block.text().contains("\"text\"")) {
                var node = JSON.readTree(block.text());
                if (node.path("type").asString("").equals("text")) {
                    return node.path("text").asString("");
                }
            }
        }
        return null;
    }

    /** One answer as it is given. */
    private static final class Performance {
        private final Request request;
        private final Script.Step step;
        private final Listener listener;
        private final List<Block> blocks = new ArrayList<>();
        private int pieces;

        Performance(Request request, Script.Step step, Listener listener) {
            this.request = request;
            this.step = step;
            this.listener = listener;
        }

        Answer play() throws Failed, InterruptedException {
            listener.counted(tokens());
            failIfDue();
            if (!step.think().isEmpty()) {
                say("thinking", "thinking", step.think(), "rehearsal");
            }
            var words = new ArrayList<>(step.say());
            words.addFirst(MARK);
            say("text", "text", words, null);
            for (int i = 0; i < step.calls().size(); i++) {
                call(step.calls().get(i), "toolu_" + request.requestId() + "_" + i);
            }
            var stop = step.stop();
            if (stop == null) {
                stop = step.calls().isEmpty() ? "end_turn" : "tool_use";
            }
            return new Answer(blocks, tokens(), request.speed(), stop, step.stopDetails());
        }

        private Tokens tokens() {
            return new Tokens(step.inputTokens(), step.outputTokens(), 0, 0, 0);
        }

        private void say(String type, String field, List<String> texts, @Nullable String signature)
                throws Failed, InterruptedException {
            listener.started(blocks.size(), type);
            var whole = new StringBuilder();
            for (var text : texts) {
                var piece = text.contains(RESULT) ? text.replace(RESULT, lastResult()) : text;
                if (!step.pause().isZero()) {
                    Thread.sleep(step.pause());
                }
                whole.append(piece);
                if (type.equals("text")) {
                    listener.textAdded(blocks.size(), piece);
                }
                pieces++;
                failIfDue();
            }
            var block = JSON.createObjectNode().put("type", type).put(field, whole.toString());
            if (signature != null) {
                block.put("signature", signature);
            }
            blocks.add(new Block(blocks.size(), type, new Json(block.toString())));
        }

        private void call(Script.Call call, String id) {
            listener.started(blocks.size(), "tool_use");
            var block = JSON.createObjectNode().put("type", "tool_use").put("id", id).put("name", call.name());
            block.set("input", call.input().isObject() ? call.input() : JSON.createObjectNode());
            blocks.add(new Block(blocks.size(), "tool_use", new Json(block.toString())));
        }

        private void failIfDue() throws Failed, InterruptedException {
            var fault = step.fault();
            if (fault == null || pieces != fault.after() || request.attempt() > fault.times()) {
                return;
            }
            if (fault.hang()) {
                Thread.sleep(Duration.ofDays(1));
            }
            throw new Failed(fault.kind(), "rehearsed: " + fault.kind(), tokens(), fault.retryAfter());
        }

        /** What the last tool result says. */
        private String lastResult() {
            for (var message : request.messages().reversed()) {
                for (var block : message.content().reversed()) {
                    if (block.text().startsWith("{\"type\":\"tool_result\"")) {
                        var text = new StringBuilder();
                        JSON.readTree(block.text())
                                .path("content")
                                .forEach(
                                        part -> text.append(part.path("text").asString("")));
                        return text.toString();
                    }
                }
            }
            return "";
        }
    }
}
