package dev.handloom.load.workload;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.handloom.load.client.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns with one bash call, on whatever hands the server has, warm: each session has had a call before, so that its
 * sandbox is there. What the very first call took is told beside.
 */
public final class Tools implements Workload {
    private static final Message CALL_BASH = Message.rehearse(
            "[{\"call\":[{\"name\":\"bash\",\"input\":{\"command\":\"echo $((6 * 7))\"}}]},{\"say\":\"ok\"}]");
    private static final String PROOF = "42";
    private static final String RESULT = "agent.tool_result";

    Tools() {}

    /**
     * @param skipped     why nothing could be measured; null when something was
     * @param firstCallMs the turn of the first call, the start of its sandbox included; 0 when skipped
     */
    @JsonTypeName("tools")
    public record Measured(
            @Nullable String skipped,
            String hands,
            double firstCallMs,
            List<Level> levels
    ) implements Report {}

    @Override
    public String name() {
        return "tools";
    }

    @Override
    public Measured run(Bench bench) throws IOException, InterruptedException {
        bench.warmUp();
        var hands = bench.target().hands();
        var results = new ArrayList<String>();
        double firstCallMs;
        try (var conversation = bench.api().conversation(bench.loom())) {
            firstCallMs = conversation.turn(CALL_BASH, (type, data) -> {
                if (type.equals(RESULT)) {
                    results.add(data);
                }
            }).whole() / 1e6;
            bench.api().archive(conversation.session());
        }
        var failure = results.isEmpty() ? Optional.of("the model called no tool") : failure(results.getFirst());
        if (failure.isPresent()) {
            bench.say("tools: skipped: " + failure.get());
            return new Measured(failure.get(), hands, 0, List.of());
        }
        return new Measured(null, hands, firstCallMs, new Rounds(name(), CALL_BASH, (type, data) -> {
            if (type.equals(RESULT) && failure(data).isPresent()) {
                throw new IOException("a bash call failed: " + failure(data).get());
            }
        }).run(bench, bench.plan().toolLevels()));
    }

    /** What the tool said in place of the sum it was asked for. */
    private static Optional<String> failure(String event) {
        var result = JsonMapper.shared().readTree(event);
        var text = result.at("/content/0/text").asString("").strip();
        return text.equals(PROOF) ? Optional.empty() : Optional.of(text);
    }
}
