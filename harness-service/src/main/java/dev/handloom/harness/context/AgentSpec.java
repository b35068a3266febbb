package dev.handloom.harness.context;

import dev.handloom.api.Json;
import dev.handloom.harness.context.strategy.Prelude;
import dev.handloom.harness.tools.ToolBox;
import dev.handloom.kit.http.ExactJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the brain needs of a SessionAgent (contract/resources.md §1, §3).
 *
 * @param id      empty where the log does not say; {@code version} is then 0
 * @param prelude tools and system prompt, as the context strategies count them
 */
public record AgentSpec(
        String id,
        int version,
        String modelId,
        @Nullable String effort,
        @Nullable String speed,
        @Nullable String inferenceGeo,
        @Nullable Json system,
        ToolBox tools,
        Prelude prelude
) {
    static AgentSpec of(Json sessionAgent) {
        var json = JsonMapper.shared();
        var agent = ExactJson.read(sessionAgent);
        var system = agent.path("system").asString("");
        Json blocks = null;
        if (!system.isEmpty()) {
            var array = json.createArrayNode();
            array.addObject().put("type", "text").put("text", system);
            blocks = new Json(array.toString());
        }
        var model = agent.path("model");
        var tools = ToolBox.of(agent.path("tools"));
        return new AgentSpec(agent.path("id").asString(""), agent.path("version").asInt(0),
                model.path("id").asString(""), text(model.path("effort").path("type")),
                text(model.path("speed")), text(model.path("inference_geo")), blocks, tools,
                Prelude.of(tools.definitions(), blocks));
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }
}
