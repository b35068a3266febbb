package dev.handloom.session.write;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.Policy;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionCommand.ModelStop;
import dev.handloom.api.session.SessionCommand.Verdict;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Clients, models and hands that do whatever comes to their minds, sensible or not, in any order, twice or too late. */
final class Player {
    private static final Json TEXT = new Json("[{\"type\":\"text\",\"text\":\"hello\"}]");
    private static final Tokens TOKENS = new Tokens(6, 4, 0, 0, 1);

    private final Random random;
    private final Life life;

    Player(long seed, Life life) {
        this.random = new Random(seed);
        this.life = life;
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** One move of somebody. */
    void move() {
        life.pass(chance(3) ? Duration.ofSeconds(-30) : Duration.ofMillis(random.nextInt(2000)));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> send();
            case 5, 6, 7, 8, 9 -> asModel(this::answerAsModel);
            case 10 -> asModel(this::failAsModel);
            case 11, 12 -> life.brain(brain -> brain.retryModel(orAny(life.turn().retryOf(), requests())));
            case 13, 14 -> life.brain(brain -> brain.startTool(any(toolUses())));
            case 15, 16, 17 -> answerAsHands(any(toolUses()));
            case 18 -> update();
            default -> end();
        }
    }

    /** A model that nobody asked seldom says anything. */
    private void asModel(Runnable report) {
        if (life.turn().request() != null || chance(10)) {
            report.run();
        }
    }

    /** Usually the one that fits, sometimes any that ever was. */
    private String orAny(@Nullable String fitting, List<String> all) {
        return fitting == null || chance(15) ? any(all) : fitting;
    }

    private List<String> requests() {
        var ids = new ArrayList<>(List.of("sevt_never"));
        life.log().forEach(event -> {
            if (event instanceof SessionEvent.ModelRequestStarted started) {
                ids.add(started.id());
            }
        });
        return ids;
    }

    private List<String> toolUses() {
        var ids = new ArrayList<String>();
        if (chance(60)) {
            ids.addAll(life.turn().calls().keySet());
        } else {
            life.log().forEach(event -> {
                if (event instanceof SessionEvent.ToolRequested requested) {
                    ids.add(requested.use().id());
                }
            });
        }
        return ids.isEmpty() ? List.of("sevt_never") : ids;
    }

    private void send() {
        var inputs = new ArrayList<Input.Named>();
        int count = 1 + random.nextInt(3);
        while (inputs.size() < count) {
            inputs.add(new Input.Named(life.nextId("sevt_in"), input()));
        }
        life.client(client -> client.send(inputs));
    }

    private Input input() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> new Input.Message(TEXT);
            case 4 -> new Input.SystemMessage(TEXT);
            case 5 -> new Input.Interrupt(any(Arrays.asList(null, null, "sthr_life", "sthr_other")));
            case 6, 7 -> new Input.ToolConfirmation(any(toolUses()), true, null);
            case 8 -> new Input.ToolConfirmation(any(toolUses()), false, chance(50) ? "no" : null);
            case 9, 10 -> new Input.CustomToolResult(any(toolUses()), TEXT, chance(20));
            default -> new Input.ToolResult(any(toolUses()), TEXT, false);
        };
    }

    private void answerAsModel() {
        var outputs = new ArrayList<AgentOutput>();
        int count = random.nextInt(4);
        while (outputs.size() < count) {
            outputs.add(output());
        }
        boolean usesTools = outputs.stream().anyMatch(AgentOutput.ToolUse.class::isInstance);
        var stop = chance(10)
                ? any(List.of(ModelStop.Kind.values()))
                : usesTools ? ModelStop.Kind.TOOL_USE : ModelStop.Kind.END;
        life.brain(brain -> brain.modelAnswered(new SessionCommand.RecordModelAnswer(Life.ID,
                orAny(life.turn().request(), requests()), outputs, TOKENS, null, new ModelStop(stop, null))));
    }

    private AgentOutput output() {
        var id = life.nextId("sevt_out");
        return switch (random.nextInt(9)) {
            case 0, 1 -> new AgentOutput.Text(id, new Json("{\"type\":\"text\",\"text\":\"hi\"}"));
            case 2 -> new AgentOutput.Thinking(id, new Json("{\"type\":\"thinking\",\"thinking\":\"hm\"}"));
            case 3 -> new AgentOutput.Other(id, new Json("{\"type\":\"unheard_of\"}"));
            case 4, 5 -> tool(id, ToolRunner.HANDS, Permission.ALLOW, Policy.ALWAYS_ALLOW);
            case 6 -> tool(id, ToolRunner.HANDS, Permission.ASK, Policy.ALWAYS_ASK);
            case 7 -> tool(id, ToolRunner.HANDS, Permission.DENY, null);
            default -> chance(15)
                    ? tool(id, ToolRunner.CLIENT, Permission.DENY, null)
                    : tool(id, ToolRunner.CLIENT, Permission.ALLOW, null);
        };
    }

    private static AgentOutput tool(String id, ToolRunner runner, Permission permission, @Nullable Policy policy) {
        return new AgentOutput.ToolUse(id, new Json("{\"type\":\"tool_use\",\"id\":\"toolu_" + id
                + "\",\"name\":\"t\",\"input\":{}}"), "toolu_" + id, "t", runner, null, permission, policy, null);
    }

    private void failAsModel() {
        var verdict = switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Verdict.Retry(Duration.ofSeconds(1));
            case 3, 4 -> new Verdict.Retry(Duration.ofSeconds(30));
            case 5, 6 -> new Verdict.GiveUp();
            default -> chance(20) ? new Verdict.Terminate() : new Verdict.GiveUp();
        };
        life.brain(brain -> brain.modelFailed(new SessionCommand.RecordModelFailure(Life.ID,
                orAny(life.turn().request(), requests()), "model_overloaded_error", "busy", TOKENS, verdict)));
    }

    private void answerAsHands(String toolUseId) {
        life.brain(brain -> brain.toolAnswered(
                new SessionCommand.RecordToolResult(Life.ID, toolUseId, TEXT, chance(10))));
    }

    private void update() {
        var patch = new HashMap<String, @Nullable String>();
        patch.put("k" + random.nextInt(3), chance(50) ? "v" : null);
        life.client(client -> client.update(new SessionCommand.Update(Life.ID, chance(50), "title" + random.nextInt(2),
                patch, chance(30) ? new Json("{\"v\":" + random.nextInt(3) + "}") : null)));
    }

    /** Seldom. */
    private void end() {
        if (chance(4)) {
            life.client(chance(70) ? ClientRules::archive : ClientRules::delete);
        }
    }

    /** Everybody does what is owed, until nothing is; at most so many moves. */
    void finish(int movesMax) {
        for (int i = 0; i < movesMax && owesSomething(); i++) {
            var turn = life.turn();
            life.pass(Duration.ofSeconds(1));
            if (turn.request() != null) {
                life.brain(brain -> brain.modelAnswered(new SessionCommand.RecordModelAnswer(Life.ID,
                        Objects.requireNonNull(turn.request()), List.of(), TOKENS, null,
                        new ModelStop(ModelStop.Kind.END, null))));
            } else if (turn.retryOf() != null) {
                life.brain(brain -> brain.retryModel(Objects.requireNonNull(turn.retryOf())));
            } else {
                var call = turn.calls().entrySet().iterator().next();
                resolve(call.getKey(), call.getValue());
            }
        }
    }

    private boolean owesSomething() {
        return !life.turn().settled();
    }

    private void resolve(String id, OpenCall call) {
        var answer = switch (call.phase()) {
            case ASKING -> new Input.ToolConfirmation(id, chance(50), null);
            case WITH_CLIENT -> new Input.CustomToolResult(id, TEXT, false);
            case DUE, STARTED, ALLOWED, DENIED -> null;
        };
        if (answer == null) {
            // What is allowed goes to the hands only when every question is answered.
            var asked = life.turn().calls().entrySet().stream().filter(open -> open.getValue().waitsForClient());
            var first = asked.findFirst();
            if (call.withHands() || first.isEmpty()) {
                answerAsHands(id);
            } else {
                resolve(first.get().getKey(), first.get().getValue());
            }
        } else {
            life.client(client -> client.send(List.of(new Input.Named(life.nextId("sevt_in"), answer))));
        }
    }
}
