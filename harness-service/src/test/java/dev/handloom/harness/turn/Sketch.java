package dev.handloom.harness.turn;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws random histories of the events that matter to {@link Effects}, in an order that the log allows. */
final class Sketch {
    private static final SessionId ID = new SessionId("sesn_sketch");
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");
    private static final Json TEXT = new Json("[]");
    private static final int REQUESTS = 25;

    private final Random random;
    private final List<SessionEvent> events = new ArrayList<>();
    private int ids;

    private Sketch(long seed) {
        this.random = new Random(seed);
    }

    static History of(long seed) {
        var sketch = new Sketch(seed);
        for (int i = 0; i < REQUESTS; i++) {
            sketch.request();
        }
        if (sketch.random.nextBoolean()) {
            sketch.events.add(new SessionEvent.StatusTerminated(ID, sketch.id(), AT));
        }
        return new History("seed " + seed, List.copyOf(sketch.events));
    }

    private String id() {
        return "sevt_" + ++ids;
    }

    private void request() {
        var request = id();
        events.add(new SessionEvent.ModelRequestStarted(ID, request, 1, AT));
        var open = new ArrayList<AgentOutput.ToolUse>();
        boolean failed = random.nextInt(5) == 0;
        int tools = failed ? 0 : random.nextInt(4);
        while (open.size() < tools) {
            var use = use();
            open.add(use);
            events.add(new SessionEvent.ToolRequested(ID, use, AT));
        }
        events.add(new SessionEvent.ModelRequestEnded(ID, id(), request, failed, Tokens.NONE, null, AT));
        if (failed) {
            events.add(new SessionEvent.ModelRetryScheduled(ID, request, 2, AT, AT));
        }
        open.stream()
                .filter(use -> use.permission() == Permission.ASK && random.nextInt(3) > 0)
                .forEach(use -> events.add(new SessionEvent.ToolApproved(ID, use.id(), AT)));
        while (!open.isEmpty()) {
            var use = open.remove(random.nextInt(open.size()));
            boolean cutOff = use.permission() == Permission.DENY || random.nextInt(4) == 0;
            events.add(new SessionEvent.ToolAnswered(ID, id(), use.id(), use.runner(), TEXT, cutOff, cutOff, AT));
        }
    }

    private AgentOutput.ToolUse use() {
        var id = id();
        return new AgentOutput.ToolUse(id, new Json("{}"), "toolu_" + id, "t",
                random.nextInt(4) == 0 ? ToolRunner.CLIENT : ToolRunner.HANDS, null,
                List.of(Permission.values()).get(random.nextInt(3)), null, null);
    }
}
